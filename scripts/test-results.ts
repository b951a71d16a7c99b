import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** How many tests ended how. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };

/**
 * Counts the tests of a vitest JSON report. What fails outside of a test (a file that does not load, a global setup, an
 * unhandled rejection, a runner that died before it wrote its report) counts as one failed test, so that it cannot hide.
 */
export function countResults(report: unknown, exitCode: number): Counts {
  const files = arrayAt(report, 'testResults');
  let { passed, failed, skipped } = NOTHING;
  for (const file of files) {
    let failedHere = 0;
    for (const test of arrayAt(file, 'assertionResults')) {
      const status = textAt(test, 'status');
      if (status === 'passed') passed++;
      else if (status === 'failed') failedHere++;
      else skipped++;
    }
    failed += failedHere === 0 && textAt(file, 'status') === 'failed' ? 1 : failedHere;
  }
  return { passed, failed: failed === 0 && exitCode !== 0 ? 1 : failed, skipped };
}

/** Which tests failed, a line each: their file, their title and how their first message begins. A file that did not load is named too. */
export function failures(report: unknown, root: string): readonly string[] {
  return arrayAt(report, 'testResults').flatMap((file) => {
    const path = relative(root, textAt(file, 'name'));
    const failed = arrayAt(file, 'assertionResults').filter((test) => textAt(test, 'status') === 'failed');
    if (failed.length === 0 && textAt(file, 'status') === 'failed')
      return [`${path}: ${opening(textAt(file, 'message'))}`];
    return failed.map(
      (test) => `${path} > ${textAt(test, 'fullName')}: ${opening(arrayAt(test, 'failureMessages')[0])}`,
    );
  });
}

/** The first line of a message, cut to a length that a log's reader can take in. */
function opening(message: unknown): string {
  const text = typeof message === 'string' ? stripVTControlCharacters(message) : '';
  return (text.split('\n')[0] ?? '').slice(0, 200);
}

/** The report in this file, or undefined when the runner never wrote one. */
export function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

export function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** `12 passed, 0 failed`, and the skipped ones when there are any. */
export function summary({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function arrayAt(value: unknown, key: string): readonly unknown[] {
  const found = at(value, key);
  return Array.isArray(found) ? found : [];
}

function textAt(value: unknown, key: string): string {
  const found = at(value, key);
  return typeof found === 'string' ? found : '';
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
