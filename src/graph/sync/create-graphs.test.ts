import { expect, test } from 'vitest';
import { createClock } from '../../../sandbox/clock.ts';
import { NAMESPACES, object, scriptedCluster } from '../../../test/support/scripted-sync.ts';
import { createGraphPool } from './create-graphs.ts';

function pooled(memoryLimit = 1e9) {
  const clock = createClock('still');
  const ended: number[] = [];
  let made = 0;
  const pool = createGraphPool({
    clock,
    ttlMs: 600_000,
    memoryLimit,
    detection: () => {
      const own = made++;
      return { stop: () => void ended.push(own) };
    },
  });
  return { clock, pool, ended };
}

test('a cluster has one graph, which ends when nobody has asked it for the time to live', () => {
  const { clock, pool, ended } = pooled();
  const key = {};
  const cluster = scriptedCluster([NAMESPACES]);
  const first = pool.use(key, () => cluster.ports);
  clock.advance(500_000);
  expect(pool.use(key, () => cluster.ports)).toBe(first);
  clock.advance(500_000);
  expect(pool.peek(key)).toBe(first);
  expect(ended).toEqual([]);
  clock.advance(100_000);
  expect(pool.peek(key)).toBeUndefined();
  expect(ended).toEqual([0]);
  expect(first.sync.status().running).toBe(false);
  expect(clock.pending()).toBe(0);
});

test('one that is kept does not end by itself', () => {
  const { clock, pool, ended } = pooled();
  const key = {};
  pool.use(key, () => scriptedCluster([NAMESPACES]).ports, { keep: true });
  clock.advance(10_000_000);
  expect(pool.statuses()).toHaveLength(1);
  pool.stop();
  expect(ended).toEqual([0]);
});

test('where memory is short, a graph that nobody asked lately goes before the asked one loses anything', async () => {
  const { clock, pool, ended } = pooled(100_000);
  const clusters = [scriptedCluster([NAMESPACES]), scriptedCluster([NAMESPACES])];
  const [idle, asked] = clusters.map((cluster) =>
    pool.use({}, (memory) => ({ ...cluster.ports, settings: { ...cluster.ports.settings, memory } })),
  );
  const many = Array.from({ length: 150 }, (_, index) => object(NAMESPACES, `namespace-${index}`));
  await clusters[0]?.pass(0);
  await clusters[0]?.reflector('namespaces').lists(many);
  const held = pool.memory.used();
  clock.advance(120_000);
  pool.use({}, (memory) => ({
    ...scriptedCluster([]).ports,
    settings: { ...scriptedCluster([]).ports.settings, memory },
  }));
  expect(held).toBeGreaterThan(0);
  expect(pool.memory.largest?.()).toBe(idle?.sync.graph);
  expect(pool.memory.relieve?.(asked?.sync.graph ?? (undefined as never))).toBe(true);
  expect(ended).toEqual([0]);
  expect(idle?.sync.status().running).toBe(false);
  expect(pool.memory.used()).toBeLessThan(held);
  pool.stop();
});
