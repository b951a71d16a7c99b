/** One run of the official suite, and what it says. */
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));
const BASELINES = fileURLToPath(new URL('./baselines', import.meta.url));

export interface SuiteResult {
  passed: number;
  failed: number;
  /** Optional or later scenarios, which do not count. */
  notScored: { passed: number; failed: number };
  /** What a reader needs to see when something failed. */
  detail: string;
}

/** Runs the scenarios that `revision` requires. With `baseline`, what it lists must fail and counts as passed. */
export async function runSuite(url: string, revision: string, baseline: boolean): Promise<SuiteResult> {
  const expected = baseline ? ['--expected-failures', join(BASELINES, `${revision}.yml`)] : [];
  const { code, output } = await conformance(['server', '--url', url, '--requirements', revision, ...expected]);
  return readSummary(output, code, baseline);
}

export function readSummary(output: string, code: number | null, baseline: boolean): SuiteResult {
  const [, summary = ''] = output.split('=== SUMMARY ===');
  const [scenarios = '', afterTotal = ''] = summary.split(/^Total: .*$/m);
  const notScored = tally(afterTotal.split(/^Not scored/m)[1] ?? '');
  const all = tally(scenarios);
  const required = { passed: all.passed - notScored.passed, failed: all.failed - notScored.failed };
  const verdicts = afterTotal.split(/^(?:Unexpected failures|Stale)/m).slice(1);
  const surprises = verdicts.reduce((sum, part) => sum + (part.match(/^ {2}\S /gm)?.length ?? 0), 0);
  // A run that fails for a reason this reader does not know is a failure all the same.
  const failed = Math.max(baseline ? surprises : required.failed, code === 0 ? 0 : 1);
  const total = required.passed + required.failed;
  return { passed: Math.max(0, total - failed), failed, notScored, detail: failed === 0 ? '' : summary || output };
}

function tally(text: string): { passed: number; failed: number } {
  return { passed: text.match(/^ *✓ /gm)?.length ?? 0, failed: text.match(/^ *✗ /gm)?.length ?? 0 };
}

async function conformance(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  // The suite needs fs.globSync, so the pinned Node goes first on its PATH.
  const env = { ...process.env, PATH: `${BIN}${delimiter}${process.env['PATH'] ?? ''}`, NO_COLOR: '1' };
  const child = spawn(join(BIN, 'conformance'), args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours, which the suite writes whatever NO_COLOR says.
      output += chunk.replace(/\x1b\[\d+m/g, '');
    });
  }
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject).once('close', resolve);
  return { code: await promise, output };
}
