/** Says in lines how two transcripts differ. */

import type { Entry, Transcript } from './transcript.ts';
import { isObject } from './walk.ts';

const MAX_LINES = 60;
const MAX_VALUE = 300;
const BEFORE = 60;

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
      lines.push(`${title}: ${path}: ${bothShown(a, b)}`);
    });
  }
  return lines.length <= MAX_LINES ? lines : [...lines.slice(0, MAX_LINES), `and ${lines.length - MAX_LINES} more`];
}

function comparable(entry: Entry): unknown {
  if (entry.kind === 'note') return { value: entry.value };
  const { status, headers, body, endedBy } = entry;
  return { status, headers, body, endedBy };
}

/** Long texts are shown from a little before the place where they part. */
function bothShown(real: unknown, sandbox: unknown): string {
  const [a, b] = [text(real), text(sandbox)];
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const from = a.length + b.length > 2 * MAX_VALUE ? Math.max(0, same - BEFORE) : 0;
  const cut = (value: string) =>
    (from > 0 ? '...' : '') + value.slice(from, from + MAX_VALUE) + (value.length > from + MAX_VALUE ? '...' : '');
  return `real ${cut(a)}, sandbox ${cut(b)}`;
}

const text = (value: unknown) => (value === undefined ? 'absent' : JSON.stringify(value));

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
