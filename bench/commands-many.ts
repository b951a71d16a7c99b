import { createLimiter } from '../src/kernel/async.ts';
import { BENCH_NAMESPACE } from './cluster.ts';
import { type CommandBench, plainTools, toolPaths } from './plain-command.ts';
import { serve } from './served.ts';
import { median, type Sample } from './table.ts';

const CALLS = 50;
const ROUNDS = 5;
/** As many run at once with us (--command-concurrency) and with the plain tool. */
const AT_ONCE = 8;

/** 50 calls that come at once: how long they all take, and what memory the server needs for it. Throws where one fails. */
export async function measureManyCommands(bench: CommandBench): Promise<Sample[]> {
  const { kubectl, kubeconfig } = bench;
  const tools = plainTools(kubeconfig, []);
  const words = ['get', 'pods', '-n', BENCH_NAMESPACE];
  const server = await serve({ ...bench, env: toolPaths(bench), args: ['--command-concurrency', `${AT_ONCE}`] });
  const ours: number[] = [];
  const plain: number[] = [];
  try {
    for (let round = -1; round < ROUNDS; round++) {
      const mine = await timed(() => Promise.all(repeated(() => server.call('kubectl', { command: words.join(' ') }))));
      if (round < 0) server.forgetPeak();
      else ours.push(mine);
      const limited = createLimiter(AT_ONCE, CALLS);
      const { signal } = new AbortController();
      const theirs = await timed(() => Promise.all(repeated(() => limited(signal, () => tools.run(kubectl, words)))));
      if (round >= 0) plain.push(theirs);
    }
    const measure = `${CALLS} calls at once, ${AT_ONCE} running`;
    return [
      { measure: `${measure}: all answered`, unit: 'ms', contender: 'k8s-mcp', value: median(ours) },
      { measure: `${measure}: all answered`, unit: 'ms', contender: 'plain tool', value: median(plain) },
      { measure: `${measure}: peak RSS`, unit: 'MB', contender: 'k8s-mcp', value: server.memory().peak },
    ];
  } finally {
    server.stop();
    tools.remove();
  }
}

function repeated<T>(work: () => Promise<T>): Promise<T>[] {
  return Array.from({ length: CALLS }, work);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
