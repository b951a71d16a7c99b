import { expect, test } from 'vitest';
import { createIntern } from '../intern.ts';
import { createProjector } from '../project/projector.ts';
import { resourceOf } from '../testing.ts';
import { createClusterClock } from './cluster-clock.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const podCreated = (creationTimestamp: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'shop', creationTimestamp },
});

function bed() {
  const times = { now: START, offset: 0 };
  const clock = { now: () => times.now, monotonic: () => times.now, after: () => () => {} };
  const cluster = createClusterClock(clock, { clockOffset: () => times.offset });
  const projector = cluster.hears(createProjector(createIntern(), []));
  const see = (created: string) => {
    const object = podCreated(created);
    projector.project(object, resourceOf(object));
  };
  return { times, cluster, see };
}

test('goes by the Date of answers', () => {
  const { times, cluster } = bed();
  times.offset = 600_000;
  expect(cluster.now()).toBe(START + 600_000);
});

test('an object that was created later than now says that the clock has jumped, until the next Date', () => {
  const { times, cluster, see } = bed();
  see('2026-01-01T00:05:00Z');
  expect(cluster.now()).toBe(START + 300_000);
  times.now += 10_000;
  expect(cluster.now()).toBe(START + 310_000);
  times.offset = 1_000;
  expect(cluster.now()).toBe(START + 11_000);
});

test('older objects and rounding say nothing', () => {
  const { cluster, see } = bed();
  see('2025-12-31T23:00:00Z');
  see('2026-01-01T00:00:01Z');
  expect(cluster.now()).toBe(START);
});
