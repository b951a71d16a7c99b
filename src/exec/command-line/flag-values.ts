import type { FlagSpec } from '../binaries/spec.ts';
import { hostOf } from './hosts.ts';
import type { MentionedFiles } from './mentioned-files.ts';
import type { ReadFlag } from './read-words.ts';
import { mistake, neverRun } from './refusals.ts';

/** What the values of a command's flags lead to. */
export interface Found {
  files: MentionedFiles;
  hosts: Set<string>;
}

/** Holds every flag's value to what its role allows. */
export function checkFlagValues(flags: readonly ReadFlag[], found: Found): void {
  for (const flag of flags) checkValue(flag, found);
  checkTemplates(flags, found);
}

function checkValue({ spec, value }: ReadFlag, { files, hosts }: Found): void {
  const rule = { what: `--${spec.name}`, folders: spec.role !== 'file', stdin: spec.noStdin !== true };
  if (spec.role === 'stdin' && value !== 'false') files.takeStdin(rule.what);
  if (value === undefined) return;
  if (spec.role === 'file' || spec.role === 'folder') files.list(value, rule);
  if (spec.role === 'keyed-file') files.keyed(value, { ...rule, stdin: false });
  if (spec.role === 'output') checkOutput(value, files);
  if (spec.role === 'repository') hosts.add(hostOf(value, rule.what));
  if (spec.role === 'raw-path') checkRawPath(spec, value);
}

/** Forms of `-o` whose template is a file. */
const FILE_FORM = /^(?:jsonpath-file|go-template-file|templatefile|custom-columns-file)(?:=(?<file>.*))?$/s;

function checkOutput(value: string, files: MentionedFiles): void {
  const file = FILE_FORM.exec(value)?.groups?.['file'];
  if (file !== undefined) files.one(file, { what: '--output', folders: false, stdin: false });
}

/** `-o go-template-file --template=path`: there the template is a file as well. */
function checkTemplates(flags: readonly ReadFlag[], { files }: Found): void {
  const fromFile = flags.some(({ spec, value }) => spec.role === 'output' && FILE_FORM.test(value ?? ''));
  if (!fromFile) return;
  for (const { spec, value } of flags) {
    if (spec.name !== 'template' || value === undefined) continue;
    files.one(value, { what: '--template', folders: false, stdin: false });
  }
}

/** A path only: the tools drop the host of a full URL, which is not what its writer meant. */
function checkRawPath(spec: FlagSpec, value: string): void {
  const what = `--${spec.name}`;
  const path = value.split('?', 1)[0] ?? '';
  if (path.includes('://') || path.startsWith('//')) {
    throw neverRun(`${what} with a full URL`, 'Write only the path on the API server: /api/v1/namespaces.');
  }
  if (!path.startsWith('/') || /[\s\\#]/.test(path) || /\p{Cc}/u.test(value)) {
    throw mistake(`${what} is no path of the API server.`, 'Write it from the root: /api/v1/namespaces.');
  }
  if (/(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(path) || /%2f|%5c/i.test(path)) {
    throw mistake(`${what} has a path that is not plain (., .. or encoded slashes).`, 'Write the path out.');
  }
}
