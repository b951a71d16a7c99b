/** Says in lines how two transcripts differ. */

import type { Entry, Transcript } from './transcript.ts';
import { isObject } from './walk.ts';

const MAX_LINES = 60;
const MAX_VALUE = 400;

/** Lines such as `2 POST /api/v1/...: body.spec.x: real 1, sandbox absent`. */
export function differences(real: Transcript, sandbox: Transcript): string[] {
  const lines: string[] = [];
  for (let at = 0; at < Math.max(real.length, sandbox.length); at++) {
    const [ours, theirs] = [sandbox[at], real[at]];
    const title = `${at + 1} ${(theirs ?? ours)?.title}`;
    if (ours === undefined || theirs === undefined || ours.title !== theirs.title) {
      lines.push(`${title}: real ${theirs?.title ?? 'not asked'}, sandbox ${ours?.title ?? 'not asked'}`);
      break;
    }
    compareValues(comparable(theirs), comparable(ours), '', (path, a, b) => {
      lines.push(`${title}: ${path}: real ${shown(a)}, sandbox ${shown(b)}`);
    });
  }
  return lines.length <= MAX_LINES ? lines : [...lines.slice(0, MAX_LINES), `and ${lines.length - MAX_LINES} more`];
}

function comparable(entry: Entry): unknown {
  if (entry.kind === 'note') return { value: entry.value };
  const { status, headers, body, endedBy } = entry;
  return { status, headers, body, endedBy };
}

function shown(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value);
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE)}...`;
}

function compareValues(
  real: unknown,
  sandbox: unknown,
  path: string,
  report: (path: string, real: unknown, sandbox: unknown) => void,
): void {
  if (Array.isArray(real) && Array.isArray(sandbox) && real.length === sandbox.length) {
    for (const [at, item] of real.entries()) compareValues(item, sandbox[at], `${path}[${at}]`, report);
  } else if (isObject(real) && isObject(sandbox)) {
    for (const key of new Set([...Object.keys(real), ...Object.keys(sandbox)]))
      compareValues(real[key], sandbox[key], path === '' ? key : `${path}.${key}`, report);
  } else if (JSON.stringify(real) !== JSON.stringify(sandbox)) report(path, real, sandbox);
}
