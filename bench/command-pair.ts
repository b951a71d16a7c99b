import type { PlainTools } from './plain-command.ts';
import type { Served } from './served.ts';
import { median, quantile, type Sample } from './table.ts';

/** One command of ours beside the plain one. */
export interface Pair {
  measure: string;
  rounds: number;
  /** Where this is set, both say how much ours takes longer, too. */
  overhead?: boolean;
  ours(server: Served): Promise<unknown>;
  plain(tools: PlainTools): Promise<unknown>;
}

const OURS = 'k8s-mcp';
const PLAIN = 'plain tool';

/** One of each in turn. */
export async function measurePair(pair: Pair, server: Served, tools: PlainTools): Promise<Sample[]> {
  const { measure, rounds } = pair;
  const times: { ours: number; plain: number }[] = [];
  // Both fill their caches in the first round, which does not count; who is first changes from round to round.
  for (let round = -1; round < rounds; round++) {
    const first = round % 2 === 0 ? await timed(() => pair.plain(tools)) : undefined;
    const ours = await timed(() => pair.ours(server));
    const plain = first ?? (await timed(() => pair.plain(tools)));
    if (round >= 0) times.push({ ours, plain });
  }
  const of = (contender: string, what: string, value: number): Sample => ({
    measure: `${measure}, ${what}`,
    unit: 'ms',
    contender,
    value,
  });
  const ours = times.map((time) => time.ours);
  const plain = times.map((time) => time.plain);
  const samples = [
    of(OURS, 'p50', median(ours)),
    of(PLAIN, 'p50', median(plain)),
    of(OURS, 'p95', quantile(ours, 0.95)),
    of(PLAIN, 'p95', quantile(plain, 0.95)),
  ];
  if (pair.overhead !== true) return samples;
  // Of neighbours: what the machine did meanwhile is in both.
  const more = median(times.map((time) => time.ours - time.plain));
  return [...samples, of(OURS, 'more than plain', more)];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
