import type { Found } from './flag-values.ts';
import { hostOf } from './hosts.ts';
import { mistake } from './refusals.ts';

/** A chart's name in a repository that `--repo` names. */
const CHART_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** A chart is one of `files`, a URL of a repository, or a name in the repository of a flag. Its URL's host joins `hosts`. */
export function checkChart(value: string, found: Found, fromRepository: boolean): void {
  if (value.includes('://')) {
    found.hosts.add(hostOf(value, 'The chart'));
    return;
  }
  if (fromRepository && CHART_NAME.test(value)) return;
  if (/^[A-Za-z0-9_-]+\/[A-Za-z0-9._-]+$/.test(value) && found.files.lacks(value)) {
    throw mistake(
      `the chart "${value}" is of a repository that is not set up: nothing is kept between calls.`,
      'Write its URL: `--repo https://host/path chart`, or oci://host/path/chart; or give the chart in `files`.',
    );
  }
  found.files.one(value, { what: 'The chart', folders: true, stdin: false });
}
