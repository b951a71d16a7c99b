/** F01 for many kinds at once: how they come back when the server does. */
import { expect, test } from 'vitest';
import type { WireFailure } from '../watch/types.ts';
import { type Event, INITIAL, type Machine, UNTROUBLED } from './machine.ts';
import { createRevival } from './revival.ts';
import { step } from './step.ts';
import { type Bed, createBed } from './testing/bed.ts';
import { REFUSED, RESET, status } from './testing/model-server.ts';
import { createVirtualClock } from './testing/virtual-clock.ts';

/** Park and Miller's. */
function seeded(seed: number): () => number {
  let at = seed;
  return () => {
    at = (at * 48_271) % 2_147_483_647;
    return at / 2_147_483_647;
  };
}

function bedsOf(count: number, { woken = true, seed = 7 } = {}) {
  const clock = createVirtualClock();
  const revival = createRevival(clock);
  const random = seeded(seed);
  const beds = Array.from({ length: count }, () => createBed({ clock, random, ...(woken ? { revival } : {}) }, clock));
  return { clock, beds };
}

/** All connections are lost, and none is made until `up`. */
function goesDown(beds: readonly Bed[], failure: WireFailure = REFUSED) {
  for (const { server } of beds) {
    server.watchFaults.push(...Array.from({ length: 99 }, () => ({ fail: failure })));
    for (const watch of server.watches) watch.fail(RESET);
  }
  return () => {
    for (const { server } of beds) server.watchFaults.length = 0;
  };
}

const isBack = ({ reflector, server }: Bed) => reflector.state.state === 'watching' && server.watches.size === 1;

/** ms until all are back, and the most requests within a tenth of a second. */
async function comeback(woken: boolean, seed: number): Promise<{ took: number; most: number }> {
  const { clock, beds } = bedsOf(40, { woken, seed });
  for (const bed of beds) await bed.start();
  const up = goesDown(beds);
  await clock.pass(60_000);
  up();
  const since = clock.now();
  while (!beds.every(isBack)) await clock.pass(100);
  const times = beds.flatMap(({ server }) => server.requests.filter(({ at }) => at >= since).map(({ at }) => at));
  const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 100).length));
  return { took: clock.now() - since, most };
}

test('F01 forty kinds are back together after a minute without a server: the first wakes the others, and not in one moment', async () => {
  for (const seed of [7, 8, 9]) {
    const alone = await comeback(false, seed);
    const together = await comeback(true, seed);
    expect(alone.took).toBeGreaterThan(15_000);
    expect(together.took).toBeLessThan(2_500);
    expect(together.most).toBeLessThanOrEqual(15);
  }
});

/** Two, the second of which failed as it is said, and the first just got through. */
async function afterTheFirst(failure: WireFailure) {
  const { clock, beds } = bedsOf(2);
  const [first, second] = beds as [Bed, Bed];
  for (const bed of beds) await bed.start();
  second.server.watchFaults.push(...Array.from({ length: 99 }, () => ({ fail: failure })));
  second.server.listFaults.push(...Array.from({ length: 99 }, () => ({ fail: failure })));
  for (const watch of second.server.watches) watch.fail(RESET);
  await clock.pass(60_000);
  const asked = second.server.requests.length;
  for (const watch of first.server.watches) watch.fail(RESET);
  await clock.pass(850);
  expect(isBack(first)).toBe(true);
  return { clock, second, asked: () => second.server.requests.length - asked };
}

test('F01 who waits because the connection failed tries within a second; who was refused, or told to wait, keeps its pause', async () => {
  const refused = await afterTheFirst(REFUSED);
  await refused.clock.pass(1_000);
  expect(refused.asked()).toBe(1);
  for (const failure of [status(429, 'TooManyRequests', '', 120), status(403, 'Forbidden'), status(500, 'Internal')]) {
    const { clock, second, asked } = await afterTheFirst(failure);
    const { state } = second.reflector;
    expect(['retrying', 'forbidden']).toContain(state.state);
    await clock.pass(1_000);
    expect(asked()).toBe(0);
  }
});

test('F01 who was asking in vain when another one got through asks again soon, once', () => {
  const settings = {
    watchTimeout: 600,
    maxRetries: 3,
    pageSize: 500,
    comparableVersions: () => true,
    turns: false,
    initialEvents: false,
    pollInterval: 60_000,
  };
  const facts = { now: 0, random: 1, settings };
  const trouble = { ...UNTROUBLED, failures: 9, step: 9, connection: true };
  const phase = { at: 'watching', asked: 0, since: undefined, opened: false, heard: false, moved: false } as const;
  let machine: Machine = { ...INITIAL, has: true, position: '103', trouble, phase };
  const pauseAfter = (event: Event<string>) => {
    const next = step(machine, event, facts);
    machine = next.machine;
    return next.effects.flatMap((effect) => (effect.do === 'wait' ? [effect.ms] : []));
  };
  expect(pauseAfter({ type: 'woken' })).toEqual([]);
  expect(pauseAfter({ type: 'failed', failure: REFUSED })).toEqual([1000]);
  expect(pauseAfter({ type: 'timer' })).toEqual([]);
  expect(pauseAfter({ type: 'failed', failure: REFUSED })).toEqual([30_000]);
});

test('F05 where connections are made and lost all the time, nobody is woken more often than its longest pause', async () => {
  const { clock, beds } = bedsOf(2);
  const [first, second] = beds as [Bed, Bed];
  for (const bed of beds) await bed.start();
  second.server.watchFaults.push(...Array.from({ length: 9_999 }, () => ({ fail: REFUSED })));
  for (const watch of second.server.watches) watch.fail(RESET);
  await clock.pass(60_000);
  const asked = second.server.requests.length;
  for (let at = 0; at < 600_000; at += 5_000) {
    first.server.put('a');
    for (const watch of first.server.watches) watch.fail(RESET);
    await clock.pass(5_000);
  }
  // 20 of its own accord at most, and one more for each time it was woken.
  expect(second.server.requests.length - asked).toBeLessThanOrEqual(60);
});

test('who has stopped is not woken', async () => {
  const clock = createVirtualClock();
  const revival = createRevival(clock);
  let woken = 0;
  const stays = revival.join(() => {});
  const goes = revival.join(() => void woken++);
  stays.gotThrough();
  goes.leave();
  await clock.pass(60_000);
  stays.gotThrough();
  expect(woken).toBe(1);
});
