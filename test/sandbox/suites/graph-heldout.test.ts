/** Failures and daily noise that were no part of the work on the detectors: a check that they hold beyond the shop's incidents. */
import { describe, expect, it } from 'vitest';
import { createSandbox } from '../../../sandbox/create-sandbox.ts';
import { SHOP } from '../../../sandbox/shop/shop.ts';
import { BARE } from '../../../sandbox/worlds/bare.ts';
import { DETECTORS } from '../../../src/monitor/detectors/index.ts';
import type { Anomaly } from '../../../src/monitor/types.ts';
import { type Case, prepare } from '../heldout/bed.ts';
import { FAILURES } from '../heldout/failures.ts';
import { NOISE } from '../heldout/noise.ts';
import { shopGraph } from '../shop-graph.ts';

const STEP_MS = 30_000;
const STEPS = 16;
/** What is there before has become ready by then. */
const SETTLE_MS = 120_000;

/** The anomalies after each step. */
function run({ world, steps = STEPS, before, play, later = {} }: Case): (readonly Anomaly[])[] {
  const sandbox = createSandbox({ world: world === 'shop' ? SHOP : BARE, time: 'still' });
  const { operator, clock } = sandbox;
  prepare(sandbox, world);
  clock.advance(STEP_MS);
  before?.(operator);
  clock.advance(SETTLE_MS);
  const { monitor, update } = shopGraph(sandbox, DETECTORS);
  play(operator);
  const seen: (readonly Anomaly[])[] = [];
  for (let step = 1; step <= steps; step++) {
    clock.advance(STEP_MS);
    update();
    seen.push(monitor.anomalies().anomalies);
    later[step]?.(operator);
  }
  monitor.stop();
  return seen;
}

const rootOf = ({ root }: Pick<Anomaly, 'root'>) =>
  `${root.kind.split('.')[0]?.toLowerCase()} ${root.namespace}/${root.name}`;

describe('failures that nobody tuned for', () => {
  it.each(FAILURES.map((failure) => [failure.name, failure] as const))('%s', (_name, failure) => {
    const { roots, alone = false, follows = [] } = failure;
    const last = run(failure).at(-1) ?? [];
    const named = last.map((anomaly) => `${rootOf(anomaly)}: ${anomaly.title}`);
    const first = last.slice(0, roots.length).map(rootOf);
    const missed = roots.filter((right) => !first.some((root) => right.includes(root)));
    const beyond = named.slice(roots.length);
    const others = alone ? beyond : beyond.filter((text) => follows.some((kind) => text.startsWith(`${kind} `)));
    expect({ missed, others }, named.join('\n')).toEqual({ missed: [], others: [] });
  });
});

describe('daily noise', () => {
  it.each(NOISE.map((noise) => [noise.name, noise] as const))('%s', (_name, noise) => {
    const seen = run(noise);
    const counted = noise.atTheEnd === true ? seen.slice(-1) : seen;
    const named = new Set(counted.flat().map((anomaly) => `${rootOf(anomaly)}: ${anomaly.title}`));
    expect([...named]).toEqual([]);
  });
});
