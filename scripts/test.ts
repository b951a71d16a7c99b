// npm test: the suites that need no cluster run while the programs of the control plane are being built, then those on it.
//   --quick      leaves the control plane out
//   other words  go to vitest, as a path filter for instance
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { both, type Outcome, readOutcome, summary, withRunner } from './test-results.ts';

const ROOT = join(import.meta.dirname, '..');
const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
const REPORTER = join(import.meta.dirname, 'outcome-reporter.ts');
const CONTROL_PLANE = join(ROOT, 'test', 'control-plane', 'cli.ts');

const say = (text: string) => process.stdout.write(`\n[test] ${text}\n`);

async function main(argv: readonly string[]): Promise<number> {
  const quick = argv.includes('--quick');
  const filter = argv.filter((word) => word !== '--quick');
  const outcomes = mkdtempSync(join(tmpdir(), 'k8s-mcp-test-'));
  try {
    const preparing = quick ? Promise.resolve() : prepareControlPlane(filter);
    say('suites that need no cluster: unit, contract, e2e');
    let outcome = await runProjects(['unit', 'contract', 'e2e'], filter, join(outcomes, 'without-cluster.json'));
    if (!quick) {
      await preparing;
      say('suites on the sandbox, driven by the real tools');
      outcome = both(outcome, await runProjects(['sandbox'], filter, join(outcomes, 'sandbox.json')));
      say('suites on a real control plane');
      outcome = both(outcome, await runProjects(['control-plane'], filter, join(outcomes, 'control-plane.json')));
    }
    const { counts, failed } = outcome;
    const ran = counts.passed + counts.failed;
    if (ran === 0)
      say(`no test ran${counts.skipped === 0 && filter.length > 0 ? `: nothing fits ${filter.join(' ')}` : ''}`);
    // A log that is cut keeps its end: what failed in an early suite is told here once more.
    if (failed.length > 0) say(`failed:\n\n${failed.join('\n\n')}`);
    process.stdout.write(`\n${summary(counts)}\n`);
    return counts.failed > 0 || ran === 0 ? 1 : 0;
  } finally {
    rmSync(outcomes, { recursive: true, force: true });
  }
}

/** Builds what is missing ahead of need. Its outcome does not matter here: the suites' own setup looks again and says so. */
async function prepareControlPlane(filter: readonly string[]): Promise<void> {
  // With a filter perhaps no suite needs it; their setup builds it when one does.
  if (filter.length > 0 || process.env['K8S_MCP_TEST_KUBECONFIG']) return;
  say('preparing the control plane in the background (the first time it and the tools are built: about 25 minutes)');
  await run(process.execPath, [CONTROL_PLANE, 'prepare']);
}

async function runProjects(projects: readonly string[], filter: readonly string[], outcome: string): Promise<Outcome> {
  const args = [
    ...projects.map((name) => `--project=${name}`),
    // A filter may fit one half of the suites only; that no test ran at all is noticed at the end.
    '--passWithNoTests',
    '--reporter=default',
    `--reporter=${REPORTER}`,
    ...filter,
  ];
  const exitCode = await run(process.execPath, [VITEST, 'run', ...args], { OUTCOME_FILE: outcome });
  return withRunner(readOutcome(outcome), { exitCode, suites: projects.join(', ') });
}

function run(command: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<number> {
  const env = { ...process.env, ...more };
  const child = spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

process.exitCode = await main(process.argv.slice(2));
