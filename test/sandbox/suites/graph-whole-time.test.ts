/** Fault rows F57 to F66 against a whole live graph: volume, replicas, other clusters, and time. */
import { afterEach, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../../sandbox/create-sandbox.ts';
import { BARE } from '../../../sandbox/worlds/bare.ts';
import { plan } from '../../faults/row.ts';
import { EXPIRED, failing } from '../../faults/rows-answers.ts';
import { asked, coverage, hands, toldTwice, type Whole, type WholeOptions, wholeBed } from '../whole-bed.ts';

const beds: Whole[] = [];
afterEach(async () => {
  await Promise.all(beds.splice(0).map((bed) => bed.close()));
});

async function bedOf(options: WholeOptions = {}): Promise<Whole> {
  const bed = await wholeBed(options);
  beds.push(bed);
  expect(await bed.synced()).toBe(true);
  return bed;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const QUESTION = { waitMs: 5_000, signal: new AbortController().signal, progress: () => {} };

describe('volume', () => {
  test('F57, F58: 10,000 events a second: questions are answered meanwhile, and there are fewer generations than events', async () => {
    const bed = await bedOf();
    let generations = 0;
    bed.sync.graph.onChange(() => {
      generations += 1;
    });
    let answered = 0;
    // 200 writes in each of the pump's turns of 20 ms.
    const seconds = 0.6;
    const names = Array.from({ length: 500 }, (_, index) => `busy-${index}`);
    let written = 0;
    const end = bed.clock.now() + seconds * 1000;
    while (written < seconds * 10_000) {
      for (let count = 0; count < 200; count++) bed.hands.put(names[written++ % names.length] ?? '');
      await bed.sync.ready(['ConfigMap'], QUESTION);
      if (bed.sync.graph.view().kindState('ConfigMap').state === 'synced') answered += 1;
      await bed.until(() => false, 20);
    }
    expect(bed.clock.now()).toBeGreaterThanOrEqual(end);
    expect(await bed.settled()).toEqual([]);
    // Each, while the events came: how long it took is the bench's to say.
    expect(answered).toBe(written / 200);
    expect(generations).toBeLessThan(written / 4);
    expect(bed.sync.graph.view().count('ConfigMap').total).toBeGreaterThanOrEqual(names.length);
    expect(bed.sync.status().counts).toMatchObject({ failures: 0, relists: 0 });
  });

  test('F59: what ConfigMaps and Secrets hold is never asked for: the same graph for bytes and for megabytes', async () => {
    const memory = async (padding: string) => {
      const bed = await bedOf();
      for (let index = 0; index < 200; index++) bed.hands.put(`large-${index}`, padding);
      const late = await wholeSync(bed);
      expect(await bed.settled()).toEqual([]);
      return late;
    };
    const [small, large] = [await memory(''), await memory('x'.repeat(200_000))];
    expect(large.total).toBe(small.total);
    expect(large.bytes).toBeLessThan(small.bytes * 1.2);
  });
});

/** Bytes of the graph, and those that came over the wire for ConfigMaps, after all of them were read anew. */
async function wholeSync(bed: Whole): Promise<{ total: number; bytes: number }> {
  expect(await bed.settled()).toEqual([]);
  for (const relist of bed.relists) relist('test');
  await bed.until(() => bed.sync.status().counts.relists >= bed.sync.kinds().length, 60_000);
  expect(await bed.synced()).toBe(true);
  const bytes = [...bed.proxy.stats.kinds]
    .filter(([name]) => name.endsWith(' configmaps'))
    .reduce((sum, [, kind]) => sum + kind.bytes, 0);
  return { total: bed.sync.graph.memory().total, bytes };
}

describe('other servers under the same address', () => {
  const another = (seed: number): Sandbox => createSandbox({ world: { ...BARE, lives: false }, time: 'still', seed });

  test('F60: replicas in turn, one of which lags: no time travel, one list anew at most', async () => {
    const replica = another(1);
    const bed = await bedOf({ step: 50, others: { replica } });
    const twin = hands(replica);
    const versions = new Map<string, number>();
    const backwards: string[] = [];
    bed.sync.graph.onChange(({ nodes }) => {
      for (const id of nodes) {
        const node = bed.nodeOf(id);
        if (node?.state !== 'present') continue;
        const version = Number(bed.sync.graph.resourceVersionOf(node.kind, node.namespace, node.name)?.resourceVersion);
        if (version < (versions.get(node.uid) ?? 0)) backwards.push(node.name);
        versions.set(node.uid, version);
      }
    });
    for (let round = 0; round < 4; round++) {
      bed.hands.life();
      expect(await bed.settled(60_000)).toEqual([]);
      bed.proxy.swapUpstream('replica');
      await bed.proxy.cutAll('fin');
      await bed.pass(3_000);
      // It catches up.
      twin.life();
      expect(await bed.settled(120_000, replica)).toEqual([]);
      bed.proxy.swapUpstream('main');
      await bed.proxy.cutAll('rst');
      await bed.pass(3_000);
    }
    bed.hands.life();
    expect(await bed.settled()).toEqual([]);
    expect(await bed.synced()).toBe(true);
    expect(backwards).toEqual([]);
    expect(toldTwice(bed)).toEqual([]);
    expect(bed.sync.status().counts.relists).toBeLessThanOrEqual(bed.sync.kinds().length);
  });

  test('F61: restored from a backup: every kind goes back to what the server has', async () => {
    const backup = another(1);
    const bed = await bedOf({ step: 100, others: { backup } });
    for (let round = 0; round < 5; round++) bed.hands.life();
    expect(await bed.settled()).toEqual([]);
    bed.proxy.swapUpstream('backup');
    await bed.proxy.cutAll('rst');
    expect(await bed.settled(600_000, backup)).toEqual([]);
    hands(backup).life();
    expect(await bed.settled(300_000, backup)).toEqual([]);
    expect(await bed.synced()).toBe(true);
  });

  test('F62: another cluster: nothing of the old one stays', async () => {
    const other = another(2);
    const bed = await bedOf({ step: 50, others: { other } });
    for (let round = 0; round < 3; round++) bed.hands.life();
    expect(await bed.settled()).toEqual([]);
    bed.proxy.swapUpstream('other');
    await bed.proxy.cutAll('rst');
    expect(await bed.settled(120_000, other)).toEqual([]);
    hands(other).life();
    expect(await bed.settled(120_000, other)).toEqual([]);
    expect(await bed.synced()).toBe(true);
    expect(bed.sync.status().health).toBe('healthy');
  });
});

describe('time', () => {
  test('F63: eight hours asleep: everything is listed anew, a dozen and four at a time', async () => {
    const bed = await bedOf({ step: 50 });
    const kinds = bed.sync.kinds().length;
    await bed.proxy.setPlan(plan({ at: { at: 'start' }, do: { kind: 'freeze', forMs: 28_000_000 } }));
    for (let hour = 0; hour < 8; hour++) {
      bed.hands.life();
      bed.sandbox.clock.advance(3_600_000);
    }
    bed.clock.skip(28_800_000);
    await bed.proxy.cutAll('rst');
    let atOnce = 0;
    const listing = () => bed.proxy.stats.log.filter(({ facts, open }) => facts.verb === 'list' && open).length;
    await bed.until(() => {
      atOnce = Math.max(atOnce, listing());
      return bed.sync.status().activeWatches === kinds && bed.differences().length === 0;
    }, 120_000);
    expect(await bed.settled()).toEqual([]);
    expect(await bed.synced()).toBe(true);
    expect(atOnce).toBeLessThanOrEqual(16);
    expect(asked(bed).lists).toBeLessThanOrEqual(2 * kinds);
    expect(toldTwice(bed)).toEqual([]);
  });

  test.each([600_000, -600_000])('F64: our clock %i ms ahead: ages go by the clock of the server', async (aheadMs) => {
    const bed = await bedOf({ aheadMs });
    // The sandbox sends the Date of this machine, and the time that is pumped runs ahead of it.
    expect(Math.abs(bed.sync.now() - bed.sandbox.clock.now())).toBeLessThan(300_000);
    expect(Math.abs(coverage(bed).asOf - bed.sandbox.clock.now())).toBeLessThan(300_000);
    expect(bed.sync.status().health).toBe('healthy');
  });
});

describe('F65', () => {
  test('a thousand reconnects leave no timers, connections or handles', async () => {
    const bed = await bedOf({ step: 200 });
    const kinds = bed.sync.kinds().length;
    const all = () => bed.proxy.stats.openRequests === kinds && bed.sync.status().activeWatches === kinds;
    const lose = async () => {
      await bed.proxy.cutAll('rst');
      await bed.pass(400);
      expect(await bed.until(all, 60_000)).toBe(true);
    };
    const look = () => ({
      connections: bed.proxy.stats.openConnections,
      timers: bed.clock.pending(),
      handles: process.getActiveResourcesInfo().length,
    });
    for (let round = 0; round < 3; round++) await lose();
    const before = look();
    for (let round = 0; round < 18; round++) await lose();
    const after = look();
    expect(asked(bed).watches).toBeGreaterThan(1000);
    expect(asked(bed).lists).toBe(kinds);
    expect(after.connections).toBeLessThanOrEqual(before.connections);
    expect(after.timers).toBeLessThanOrEqual(before.timers + 10);
    expect(after.handles).toBeLessThanOrEqual(before.handles + 5);
    bed.hands.life();
    expect(await bed.settled()).toEqual([]);
  });

  test.each<[string, WholeOptions, number]>([
    ['before discovery has answered', {}, 0],
    ['in the middle of the lists', {}, 60],
    ['while unreachable', { plan: plan({ at: { at: 'start' }, do: { kind: 'listener', state: 'refused' } }) }, 5_000],
    ['while lists fail', { plan: plan(failing({ verb: 'list' }, { code: 500, reason: 'InternalError' })) }, 5_000],
    ['while forbidden', { plan: plan(failing({ verb: 'list' }, { code: 403, reason: 'Forbidden' })) }, 5_000],
    ['while it watches', {}, 20_000],
  ])('stopped %s: nothing runs, nothing is asked, nothing is told', async (_, options, ms) => {
    const bed = await wholeBed(options);
    beds.push(bed);
    for (let turns = 0; turns < 5; turns++) await turn();
    await bed.until(() => bed.proxy.stats.requests >= 4 + Math.min(ms, 20), ms);
    await bed.pass(Math.max(0, ms - 1000));
    bed.sync.stop();
    await bed.cluster.close();
    const { told } = bed;
    const before = told.length;
    // What was on its way arrives.
    await bed.pass(1_000);
    expect(await bed.until(() => bed.proxy.stats.openRequests === 0, 20_000)).toBe(true);
    const { requests } = bed.proxy.stats;
    await bed.pass(20_000);
    expect(bed.proxy.stats.requests).toBe(requests);
    expect(told.length).toBe(before);
    expect(bed.clock.pending()).toBe(0);
    expect(bed.sync.status().health).toBe('stopped');
  });
});

test('F66: while all is listed anew, in pages that come late, each question sees all that stays', async () => {
  const bed = await bedOf();
  for (let index = 0; index < 1_200; index++) bed.hands.put(`page-${index}`);
  expect(await bed.settled()).toEqual([]);
  await bed.proxy.setPlan(
    plan(
      { match: { verb: 'list', resource: 'configmaps' }, at: { at: 'headers' }, do: { kind: 'delay', ms: 500 } },
      failing({ verb: 'watch' }, EXPIRED, { per: 'path', nth: 1 }),
    ),
  );
  // Lost while nobody watches.
  await bed.proxy.cutAll('rst');
  for (let index = 0; index < 100; index++) bed.hands.remove(`page-${index}`);
  for (let index = 0; index < 100; index++) bed.hands.put(`new-${index}`);
  const kinds = bed.sync.kinds().length;
  const totals = new Set<string>();
  await bed.until(() => {
    const view = bed.sync.graph.view();
    const seen = new Set<string>();
    view.eachOfKind('ConfigMap', undefined, (id) => {
      seen.add(view.node(id).name);
      return undefined;
    });
    expect(seen.size).toBe(view.count('ConfigMap').total);
    for (let index = 100; index < 1_200; index++) if (!seen.has(`page-${index}`)) totals.add(`page-${index}`);
    return bed.sync.status().counts.relists >= kinds && bed.differences().length === 0;
  }, 60_000);
  expect([...totals]).toEqual([]);
  expect(await bed.settled()).toEqual([]);
  expect(toldTwice(bed)).toEqual([]);
});
