/** One run of the official suite, and what it says. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const BIN = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));
const REQUIREMENTS = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/conformance/requirements', import.meta.url),
);
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
  const { server }: { server: string[] } = parse(readFileSync(join(REQUIREMENTS, `${revision}.yaml`), 'utf8'));
  return readSummary(output, code, new Set(server), baseline);
}

/** `required` are the scenarios that count; `code` is the suite's exit code. */
function readSummary(output: string, code: number | null, required: Set<string>, baseline: boolean): SuiteResult {
  const summary = output.split('=== SUMMARY ===')[1] ?? '';
  const [scenarios = '', verdict = ''] = summary.split(/^Total: .*$/m);
  const lines = [...scenarios.matchAll(/^([✓✗]) ([^:]+):/gmu)].map(([, mark, name = '']) => ({
    ok: mark === '✓',
    name,
  }));
  const counted = lines.filter(({ name }) => required.has(name));
  const others = lines.filter(({ name }) => !required.has(name));
  const surprises =
    verdict
      .split(/^(?:Unexpected failures|Stale baseline)/m)
      .slice(1)
      .join('\n')
      .match(/^ {2}\S /gm) ?? [];
  const missing = required.size - counted.length;
  const wrong = missing + (baseline ? surprises.length : counted.filter(({ ok }) => !ok).length);
  // A run that fails for a reason this reader does not know is a failure all the same.
  const failed = Math.max(wrong, code === 0 ? 0 : 1);
  const notScored = { passed: others.filter(({ ok }) => ok).length, failed: others.filter(({ ok }) => !ok).length };
  return {
    passed: Math.max(0, required.size - failed),
    failed,
    notScored,
    detail: failed === 0 ? '' : summary || output,
  };
}

async function conformance(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  // The suite needs fs.globSync, so the pinned Node goes first on its PATH.
  const env = { ...process.env, PATH: `${BIN}${delimiter}${process.env['PATH'] ?? ''}`, NO_COLOR: '1' };
  const child = spawn(join(BIN, 'conformance'), args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      // It writes colours whatever NO_COLOR says.
      output += chunk.replace(/\x1b\[\d+m/g, '');
    });
  }
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject).once('close', resolve);
  return { code: await promise, output };
}
