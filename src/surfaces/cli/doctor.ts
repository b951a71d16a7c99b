import type { CliIo } from './types.ts';

/** One thing that was looked at. */
export interface Check {
  name: string;
  status: 'ok' | 'warn' | 'fail' | 'skip';
  /** What was found. May hold text of a cluster. */
  detail: string;
  /** What to do about it. */
  remedy?: string;
}

export interface DoctorReport {
  checks: readonly Check[];
  /** False when a check failed. */
  healthy: boolean;
}

const MARKS: Record<Check['status'], string> = { ok: '[ok]  ', warn: '[warn]', fail: '[FAIL]', skip: '[skip]' };
const INDENT = ' '.repeat(MARKS.ok.length + 1);

/** Prints checks as they come; with `json`, the whole report at the end. Returns 1 when one failed. */
export async function printDoctor(checks: AsyncIterable<Check>, io: CliIo, output: 'text' | 'json'): Promise<number> {
  const seen: Check[] = [];
  for await (const check of checks) {
    seen.push(check);
    if (output === 'text') await io.out.write(renderCheck(check));
  }
  const report: DoctorReport = { checks: seen, healthy: !seen.some((check) => check.status === 'fail') };
  await io.out.write(output === 'json' ? `${JSON.stringify(report, null, 2)}\n` : summary(seen));
  return report.healthy ? 0 : 1;
}

function renderCheck({ name, status, detail, remedy }: Check): string {
  const lines = [`${MARKS[status]} ${clean(name)}: ${clean(detail)}`];
  if (remedy !== undefined) lines.push(`${INDENT}-> ${clean(remedy)}`);
  return `${lines.join('\n')}\n`;
}

function summary(checks: readonly Check[]): string {
  const count = (status: Check['status']) => checks.filter((check) => check.status === status).length;
  return `\n${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} failed, ${count('skip')} skipped\n`;
}

/** Escape sequences and direction marks of a cluster's text must not steer the terminal. Lines stay below their mark. */
function clean(text: string): string {
  return text
    .replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replaceAll('\n', `\n${INDENT}`);
}
