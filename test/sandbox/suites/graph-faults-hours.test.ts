/** F39 and F63: hours of quiet, and of sleep. Time jumps here. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Plan } from '../../faults/plan.ts';
import { faultRows } from '../../faults/rows.ts';
import { CONFIG_MAPS, createGround, type Ground, type Run, startRun } from '../fault-run.ts';
import { same, twice } from '../fault-suite.ts';

let ground: Ground;
beforeEach(async () => {
  ground = await createGround(30);
});
afterEach(() => ground.close());

function planOf(id: string, name: string): Plan {
  const plan = faultRows(CONFIG_MAPS).find((row) => row.id === id)?.plans[name];
  if (plan === undefined) throw new Error(`${id} has no plan ${name}`);
  return plan;
}

const watching = (run: Run) => ground.until(() => run.reflector.state.state === 'watching', 60_000);
const upToDate = (run: Run) => ground.until(() => same(run.sink.held(), run.truth()), 600_000);

test('F39 three hours of quiet and a restart: the bookmarks kept the version young, nothing is listed', async () => {
  const run = await startRun(ground, {
    plan: planOf('F39', 'restart after 3 h'),
    namespace: 'quiet',
    reflector: { watchTimeout: 40_000 },
    // Time that jumps is no silence.
    timings: { pingIntervalMs: 86_400_000 },
  });
  expect(await watching(run)).toBe(true);
  const since = String(run.reflector.state.state === 'watching' && run.reflector.state.resourceVersion);
  for (let hour = 0; hour < 3; hour++) {
    await ground.jump(3_590_000, 10_000);
    for (let write = 0; write < 20; write++)
      ground.sandbox.operator.create('secrets', {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: `busy-${hour}-${write}`, namespace: 'quiet' },
      });
  }
  await ground.pass(90_000);
  expect(run.proxy.stats.fired.get('rule-1')).toBe(1);
  run.put('after');
  expect(await upToDate(run)).toBe(true);
  expect(run.reflector.counts).toMatchObject({ lists: 1, relists: 0, events: 1 });
  expect(run.reflector.counts.bookmarks).toBeGreaterThan(100);
  const last = run.reflector.state.state === 'watching' ? run.reflector.state.resourceVersion : '';
  expect(Number(last)).toBeGreaterThan(Number(since) + 60);
  await run.close();
});

test('F63 eight hours of sleep: one list at most, and what happened meanwhile is told once', async () => {
  const run = await startRun(ground, { plan: planOf('F63', 'suspended'), namespace: 'asleep' });
  expect(await watching(run)).toBe(true);
  run.put('c0');
  expect(await ground.until(() => run.proxy.stats.fired.size > 0, 60_000)).toBe(true);
  // Until all connections are frozen.
  await ground.pass(3000);
  run.remove('c1');
  run.put('dream');
  await ground.jump(28_800_000, 30_000);
  run.put('morning');
  expect(await upToDate(run)).toBe(true);
  expect(run.reflector.counts.relists).toBeLessThanOrEqual(1);
  expect(twice(run.sink.changes)).toEqual([]);
  await run.close();
});
