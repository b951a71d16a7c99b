/** Fault rows F01 to F12 against a whole live graph: what happens to the connections under all its watches. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Action, Plan } from '../../faults/plan.ts';
import { plan } from '../../faults/row.ts';
import { asked, coverage, toldTwice, type Whole, type WholeOptions, wholeBed } from '../whole-bed.ts';

const beds: Whole[] = [];
afterEach(async () => {
  await Promise.all(beds.splice(0).map((bed) => bed.close()));
});

async function bedOf(options: WholeOptions = {}): Promise<Whole> {
  const bed = await wholeBed(options);
  beds.push(bed);
  return bed;
}

/** To the first watch of each kind, once all of them are open. */
const onWatches = (action: Action): Plan =>
  plan({ match: { verb: 'watch' }, counts: { per: 'path', nth: 1 }, at: { at: 'time', ms: 30_000 }, do: action });

/** What the rows of a connection have in common: nothing is listed anew, nothing is told twice, and all is there. */
async function holds(bed: Whole, watches: number): Promise<void> {
  bed.hands.life();
  // A watch that is silent on a connection that is not: only the time it was to last tells.
  expect(await bed.settled(300_000)).toEqual([]);
  expect(await bed.synced()).toBe(true);
  expect(await bed.until(() => bed.sync.status().activeWatches === bed.sync.kinds().length, 60_000)).toBe(true);
  expect(toldTwice(bed)).toEqual([]);
  expect(bed.sync.status()).toMatchObject({ health: 'healthy', counts: { relists: 0 } });
  const kinds = bed.sync.kinds().length;
  expect(asked(bed).lists).toBe(kinds);
  expect(asked(bed).watches).toBeLessThanOrEqual(watches * kinds);
}

test('without a fault: one list and one watch for each kind, over one connection', async () => {
  const bed = await bedOf();
  expect(await bed.synced()).toBe(true);
  await holds(bed, 1);
  expect(bed.proxy.stats.connections).toBe(1);
});

describe('unreachable', () => {
  test.each<[string, Plan]>([
    ['F01 refused', plan({ at: { at: 'start' }, do: { kind: 'listener', state: 'refused', forMs: 45_000 } })],
    [
      'F03 a certificate of another authority',
      plan({ at: { at: 'connect' }, do: { kind: 'certificate', use: 'other-authority' } }),
    ],
    [
      'F03 a certificate for another name',
      plan({ at: { at: 'connect' }, do: { kind: 'certificate', use: 'wrong-name' } }),
    ],
    ['F03 an expired certificate', plan({ at: { at: 'connect' }, do: { kind: 'certificate', use: 'expired' } })],
    [
      'F04 no TLS answered',
      plan({ counts: { to: 3 }, at: { at: 'connect' }, do: { kind: 'silence', of: 'connection' } }),
    ],
  ])('%s: says so, leaves other clusters alone, and fills once it is reached', async (_, fault) => {
    const [bed, other] = await Promise.all([bedOf({ plan: fault }), bedOf()]);
    expect(await bed.until(() => bed.sync.problems().length > 0, 40_000)).toBe(true);
    expect(bed.sync.status()).toMatchObject({ running: true, health: 'stale', nodes: 0, lastFullSync: undefined });
    const { synced, syncing, notes } = coverageOfPods(bed);
    expect({ synced, syncing }).toEqual({ synced: [], syncing: [{ kind: 'Pod', done: 0, total: undefined }] });
    expect(notes.join(' ')).not.toBe('');
    expect(await other.synced()).toBe(true);
    // Few attempts: their pauses grow.
    expect(bed.proxy.stats.connections).toBeLessThan(12);
    await bed.proxy.setPlan({ rules: [] });
    expect(await bed.synced()).toBe(true);
    await holds(bed, 1);
    expect(bed.sync.problems()).toEqual([]);
    expect(coverage(bed).notes).toEqual([]);
  });

  test('F02: refused with every watch open: stale after a while and said so, the same versions afterwards', async () => {
    const bed = await bedOf({ step: 50 });
    expect(await bed.synced()).toBe(true);
    await bed.proxy.setPlan(
      plan({ at: { at: 'start' }, do: { kind: 'listener', state: 'refused', forMs: 40_000, cutOpen: true } }),
    );
    bed.hands.life();
    const before = bed.sync.status().nodes;
    expect(await bed.until(() => (bed.states()['stale'] ?? 0) === bed.sync.kinds().length, 39_000)).toBe(true);
    expect(bed.sync.status()).toMatchObject({ health: 'stale', nodes: before });
    const { stale, asOf } = coverage(bed);
    expect(stale.map(({ kind }) => kind)).toContain('Pod');
    expect(asOf).toBe(Math.min(...stale.map(({ since }) => since)));
    expect(asOf).toBeLessThan(bed.clock.now());
    await holds(bed, 2);
    expect(coverage(bed).stale).toEqual([]);
  });
});

describe('with every watch open', () => {
  test.each<[string, Plan]>([
    ['F05 reset', onWatches({ kind: 'cut', how: 'rst' })],
    ['F06 the connection falls silent', onWatches({ kind: 'silence', of: 'connection' })],
    ['F06 the streams fall silent', onWatches({ kind: 'silence', of: 'stream' })],
    ['F10 GOAWAY', onWatches({ kind: 'goaway', code: 0 })],
    ['F10 GOAWAY with an error', onWatches({ kind: 'goaway', code: 2 })],
    ['F11 REFUSED_STREAM', onWatches({ kind: 'rst-stream', code: 7 })],
    ['F11 CANCEL', onWatches({ kind: 'rst-stream', code: 8 })],
    ['F11 INTERNAL_ERROR', onWatches({ kind: 'rst-stream', code: 2 })],
    ['F11 ENHANCE_YOUR_CALM', onWatches({ kind: 'rst-stream', code: 11 })],
  ])('%s: no list, few requests', async (_, fault) => {
    const bed = await bedOf({ plan: fault, step: 50 });
    expect(await bed.synced()).toBe(true);
    bed.hands.life();
    expect(await bed.until(() => bed.proxy.stats.fired.size > 0, 60_000)).toBe(true);
    await bed.pass(20_000);
    await holds(bed, 3);
  });
});

test.each(['http/1.1', 'none'] as const)('F09: HTTP/1.1 only (%s): a connection for each watch', async (alpn) => {
  const bed = await bedOf({ plan: plan({ at: { at: 'connect' }, do: { kind: 'protocols', alpn } }) });
  expect(await bed.synced()).toBe(true);
  await holds(bed, 1);
  expect(bed.proxy.stats.openConnections).toBeLessThan(bed.sync.kinds().length + 20);
});

test('F12: fewer streams than watches: more connections', async () => {
  const bed = await bedOf({ plan: plan({ at: { at: 'connect' }, do: { kind: 'max-streams', streams: 16 } }) });
  expect(await bed.synced()).toBe(true);
  await holds(bed, 1);
  expect(bed.proxy.stats.openConnections).toBeLessThan(8);
});

function coverageOfPods(bed: Whole) {
  return coverage(bed, ['Pod']);
}
