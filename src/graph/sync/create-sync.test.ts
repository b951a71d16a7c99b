import { describe, expect, test } from 'vitest';
import {
  BOATS,
  DEFINITIONS,
  NAMESPACES,
  object,
  PODS,
  resource,
  scriptedCluster,
  WATCHING,
} from '../../../test/support/scripted-sync.ts';
import { namesOf, started } from '../../../test/support/started-sync.ts';
import { AppError } from '../../kernel/errors.ts';
import { coverageOf } from './coverage.ts';

const BOAT = 'Boat.sea.example.com';
const failing = (failures = 1) =>
  ({
    state: 'retrying',
    next: 'watch',
    failures,
    degraded: false,
    since: 0,
    reason: 'connection refused',
    at: 0,
  }) as const;

describe('a kind', () => {
  test('is syncing with its progress until its list has ended, then synced', async () => {
    const cluster = scriptedCluster([PODS]);
    const sync = await started(cluster);
    expect(sync.graph.view().kindState('Pod')).toEqual({ state: 'syncing', done: 0, total: undefined });
    await cluster.reflector('pods').lists([object(PODS, 'a'), object(PODS, 'b')]);
    expect(sync.graph.view().kindState('Pod')).toEqual({ state: 'synced' });
    expect(namesOf(sync, 'Pod')).toEqual(['a', 'b']);
    expect(sync.status()).toMatchObject({ health: 'healthy', nodes: 2, activeWatches: 1 });
  });

  test('F43: relists apply what differs as one generation, and what is not in the list is gone', async () => {
    const cluster = scriptedCluster([PODS]);
    const sync = await started(cluster);
    await cluster.reflector('pods').lists([object(PODS, 'a'), object(PODS, 'b'), object(PODS, 'c')]);
    const generations: number[] = [];
    const touched = new Set<number>();
    sync.graph.onChange(({ generation, nodes }) => {
      generations.push(generation);
      for (const id of nodes) touched.add(id);
    });
    const again = [object(PODS, 'a'), object(PODS, 'b', { uid: 'another', resourceVersion: '7' })];
    await cluster.reflector('pods').lists(again, 'relist');
    expect(generations).toHaveLength(1);
    expect(namesOf(sync, 'Pod')).toEqual(['a', 'b']);
    expect(sync.graph.resourceVersionOf('Pod', 'sea', 'b')).toEqual({ resourceVersion: '7', uid: 'another' });
    const view = sync.graph.view();
    expect(touched.has(view.find('Pod', 'sea', 'a') ?? -1)).toBe(false);
  });

  test('more than 2,000 differences go in slices, and answers say so meanwhile', async () => {
    const cluster = scriptedCluster([PODS]);
    const sync = await started(cluster);
    const all = Array.from({ length: 2500 }, (_, index) => object(PODS, `pod-${index}`));
    await cluster.reflector('pods').lists(all);
    const changed = all.map((pod) => ({ ...pod, metadata: { ...pod.metadata, resourceVersion: '2' } }));
    const seen: boolean[] = [];
    sync.graph.onChange(() => seen.push(sync.catchingUp()));
    await cluster.reflector('pods').lists(changed, 'relist');
    expect(seen.length).toBeGreaterThan(1);
    expect(new Set(seen)).toEqual(new Set([true]));
    expect(sync.catchingUp()).toBe(false);
  });

  test('a list that is given up half way leaves nothing behind', async () => {
    const cluster = scriptedCluster([PODS]);
    const sync = await started(cluster);
    const pods = cluster.reflector('pods');
    await pods.lists([object(PODS, 'a')]);
    await pods.lists([object(PODS, 'b')], 'first');
    expect(namesOf(sync, 'Pod')).toEqual(['b']);
  });

  test('F58: changes of one object are one, the latest, in the next slice', async () => {
    const cluster = scriptedCluster([PODS]);
    const sync = await started(cluster);
    const pods = cluster.reflector('pods');
    await pods.lists([]);
    await cluster.pass(20);
    let generations = 0;
    sync.graph.onChange(() => {
      generations += 1;
    });
    for (let version = 1; version <= 400; version++) {
      await pods.events(['upsert', object(PODS, 'a', { resourceVersion: String(version) })]);
    }
    // The first goes in at once, as nothing went in just before it.
    expect(generations).toBe(1);
    expect(sync.graph.resourceVersionOf('Pod', 'sea', 'a')?.resourceVersion).toBe('1');
    await cluster.pass(20);
    expect(generations).toBe(2);
    expect(sync.graph.resourceVersionOf('Pod', 'sea', 'a')?.resourceVersion).toBe('400');
    await pods.events(['delete', object(PODS, 'a')], ['upsert', object(PODS, 'a', { uid: 'new' })]);
    await cluster.pass(20);
    expect(sync.graph.resourceVersionOf('Pod', 'sea', 'a')?.uid).toBe('new');
  });

  test('an object that goes, comes anew and goes again between two slices is gone', async () => {
    const cluster = scriptedCluster([PODS]);
    const sync = await started(cluster);
    const pods = cluster.reflector('pods');
    await pods.lists([object(PODS, 'a'), object(PODS, 'b')]);
    const anew = object(PODS, 'a', { uid: 'new', resourceVersion: '9' });
    await pods.events(['delete', object(PODS, 'a')], ['upsert', anew], ['delete', anew]);
    await cluster.pass(20);
    expect(namesOf(sync, 'Pod')).toEqual(['b']);
  });

  test('changes that could not be taken in are read anew, and others go on', async () => {
    const cluster = scriptedCluster([PODS, NAMESPACES]);
    const sync = await started(cluster);
    await cluster.reflector('pods').lists([]);
    await cluster.reflector('namespaces').lists([]);
    const stop = sync.graph.onChange(() => {
      throw new Error('somebody who listens fails');
    });
    await cluster.reflector('pods').events(['upsert', object(PODS, 'a')]);
    await cluster.pass(20);
    stop();
    expect(cluster.reflector('pods').relists).toEqual(['changes could not be taken in']);
    expect(cluster.reflector('namespaces').relists).toEqual([]);
    await cluster.reflector('pods').events(['upsert', object(PODS, 'b')]);
    await cluster.pass(20);
    expect(namesOf(sync, 'Pod')).toContain('b');
  });

  test('keeps what is known while it cannot be reached, and is stale after ten seconds', async () => {
    const cluster = scriptedCluster([PODS]);
    const sync = await started(cluster);
    const pods = cluster.reflector('pods');
    await pods.lists([object(PODS, 'a')]);
    pods.state(failing());
    expect(sync.graph.view().kindState('Pod').state).toBe('synced');
    await cluster.pass(15_000);
    expect(coverageOf(sync, ['Pod']).stale).toMatchObject([{ kind: 'Pod', reason: 'connection refused' }]);
    expect(sync.status().health).toBe('stale');
    expect(namesOf(sync, 'Pod')).toEqual(['a']);
    pods.state(WATCHING);
    expect(sync.graph.view().kindState('Pod').state).toBe('synced');
  });

  test('is as old as the last sign of life of the server, though nothing has failed', async () => {
    const cluster = scriptedCluster([PODS, NAMESPACES]);
    const sync = await started(cluster);
    await cluster.reflector('pods').lists([]);
    await cluster.reflector('namespaces').lists([]);
    const age = () => sync.now() - coverageOf(sync, ['Pod']).asOf;
    expect(age()).toBe(0);
    cluster.lives();
    await cluster.pass(16_000);
    expect(age()).toBe(16_000);
    cluster.lives();
    expect(age()).toBe(0);
  });

  test('is as old as its first failure, before that makes it stale, and no newer than the server once it does', async () => {
    const cluster = scriptedCluster([PODS, NAMESPACES]);
    const sync = await started(cluster);
    await cluster.reflector('pods').lists([]);
    await cluster.reflector('namespaces').lists([]);
    cluster.lives();
    await cluster.pass(4_000);
    cluster.reflector('pods').state(failing());
    cluster.lives();
    await cluster.pass(5_000);
    cluster.lives();
    expect(sync.now() - coverageOf(sync, ['Pod']).asOf).toBe(5_000);
    expect(sync.now() - coverageOf(sync, ['Namespace']).asOf).toBe(0);
    await cluster.pass(30_000);
    cluster.reflector('namespaces').state({ ...failing(), degraded: true });
    const [stale] = coverageOf(sync, ['Namespace']).stale;
    expect(sync.now() - (stale?.since ?? 0)).toBe(30_000);
  });

  test('is not waited for once it has failed for thirty seconds', async () => {
    const cluster = scriptedCluster([PODS, NAMESPACES]);
    const sync = await started(cluster);
    await cluster.reflector('namespaces').lists([]);
    cluster.reflector('pods').state({ ...failing(), next: 'list' });
    const lines: string[] = [];
    let done = false;
    const waiting = sync
      .ready('all', {
        waitMs: 120_000,
        signal: new AbortController().signal,
        progress: (line) => lines.push(line),
      })
      .then(() => {
        done = true;
      });
    await cluster.pass(29_000);
    expect(done).toBe(false);
    await cluster.pass(6_000);
    await waiting;
    expect(lines[0]).toBe('syncing: Pod 0');
    expect(coverageOf(sync, ['Pod']).left).toEqual([{ kind: 'Pod', reason: 'could not be read: connection refused' }]);
  });
});

describe('permissions', () => {
  test('F21: what may not be listed any more leaves at once', async () => {
    const cluster = scriptedCluster([NAMESPACES]);
    const sync = await started(cluster);
    const reflector = cluster.reflector('namespaces');
    await reflector.lists([object(NAMESPACES, 'sea')]);
    await reflector.events(['upsert', object(NAMESPACES, 'late')]);
    reflector.lost('forbidden');
    reflector.state({ state: 'forbidden', reason: 'cannot list namespaces', recheckAt: 0 });
    await cluster.pass(50);
    expect(namesOf(sync, 'Namespace')).toEqual([]);
    expect(coverageOf(sync, ['Namespace']).forbidden).toEqual([
      { kind: 'Namespace', reason: 'cannot list namespaces' },
    ]);
  });

  test('with allowed namespaces each has its own Reflector, and others are never asked for', async () => {
    const cluster = scriptedCluster([NAMESPACES, PODS], { scope: { allowedNamespaces: ['sea', 'land'] } });
    const sync = await started(cluster);
    expect(cluster.running()).toEqual(['namespaces', 'pods sea', 'pods land']);
    await cluster.reflector('namespaces').lists([object(NAMESPACES, 'sea'), object(NAMESPACES, 'other')]);
    expect(namesOf(sync, 'Namespace')).toEqual(['sea']);
  });
});

describe('discovery', () => {
  const served = [NAMESPACES, DEFINITIONS, BOATS];
  const definition = (uid: string) => object(DEFINITIONS, 'boats.sea.example.com', { uid });

  async function withBoats() {
    const cluster = scriptedCluster(served);
    cluster.objects.set('customresourcedefinitions ', []);
    const sync = await started(cluster);
    await cluster.reflector('namespaces').lists([]);
    await cluster.reflector('customresourcedefinitions').lists([definition('one')]);
    await cluster.reflector('boats').lists([object(BOATS, 'dinghy')]);
    // Definitions that were there from the start are known with the next look.
    await cluster.pass(300_000);
    return { cluster, sync };
  }

  test('F52: a new definition is looked up, and its objects are read, within five seconds', async () => {
    const cluster = scriptedCluster([DEFINITIONS]);
    cluster.objects.set('customresourcedefinitions ', []);
    const sync = await started(cluster);
    await cluster.reflector('customresourcedefinitions').lists([]);
    await cluster.reflector('customresourcedefinitions').events(['upsert', definition('one')]);
    await cluster.pass(300);
    expect(cluster.running()).toEqual(['customresourcedefinitions']);
    cluster.serves({ resources: served, failures: [] });
    await cluster.pass(5_000);
    expect(cluster.running()).toContain('boats');
    await cluster.reflector('boats').lists([object(BOATS, 'dinghy')]);
    expect(namesOf(sync, BOAT)).toEqual(['dinghy']);
  });

  test('F53: with its definition gone, a kind and its objects are gone', async () => {
    const { cluster, sync } = await withBoats();
    cluster.serves({ resources: [NAMESPACES, DEFINITIONS], failures: [] });
    await cluster.reflector('customresourcedefinitions').events(['delete', definition('one')]);
    await cluster.pass(1_000);
    expect(namesOf(sync, BOAT)).toEqual([]);
    expect(sync.graph.view().kindState(BOAT)).toEqual({ state: 'missing' });
    expect(cluster.running()).not.toContain('boats');
  });

  test('F54: another version is read without a change of what is known; another definition begins anew', async () => {
    const { cluster, sync } = await withBoats();
    let changes = 0;
    const stop = sync.graph.onChange(({ nodes }) => {
      changes += nodes.size;
    });
    const next = { ...BOATS, version: 'v2' };
    cluster.serves({ resources: [NAMESPACES, DEFINITIONS, next], failures: [] });
    await cluster.pass(300_000);
    expect(cluster.reflector('boats').target.resource.version).toBe('v2');
    await cluster.reflector('boats').lists([object(next, 'dinghy')]);
    expect(changes).toBe(0);
    expect(namesOf(sync, BOAT)).toEqual(['dinghy']);
    stop();

    await cluster.reflector('customresourcedefinitions').events(['upsert', definition('two')]);
    await cluster.pass(1_000);
    expect(namesOf(sync, BOAT)).toEqual([]);
    await cluster.reflector('boats').lists([object(next, 'ferry')]);
    expect(namesOf(sync, BOAT)).toEqual(['ferry']);
  });

  test('F54: a version that is preferred anew does not end the one that is read', async () => {
    const { cluster } = await withBoats();
    const before = cluster.reflector('boats');
    const resources = [NAMESPACES, DEFINITIONS, { ...BOATS, preferred: false }, { ...BOATS, version: 'v2' }];
    cluster.serves({ resources, failures: [] });
    await cluster.pass(300_000);
    expect(cluster.reflector('boats')).toBe(before);
  });

  test('F55, F56: what discovery could not read stays as it is', async () => {
    const { cluster, sync } = await withBoats();
    cluster.serves({
      resources: [NAMESPACES, DEFINITIONS],
      failures: [{ groupVersion: 'sea.example.com/v1', reason: 'its API service does not answer' }],
    });
    await cluster.pass(300_000);
    expect(namesOf(sync, BOAT)).toEqual(['dinghy']);
    cluster.serves(new AppError('cluster_unavailable', 'nothing answers'));
    await cluster.pass(300_000);
    expect(namesOf(sync, BOAT)).toEqual(['dinghy']);
    expect(cluster.running()).toContain('boats');
  });

  test('F62: another cluster at the same address is begun anew', async () => {
    const cluster = scriptedCluster([NAMESPACES]);
    const sync = await started(cluster);
    await cluster.reflector('namespaces').lists([object(NAMESPACES, 'old')]);
    cluster.clusterIs('second');
    await cluster.pass(60_000);
    expect(namesOf(sync, 'Namespace')).toEqual([]);
    await cluster.reflector('namespaces').lists([object(NAMESPACES, 'new')]);
    expect(namesOf(sync, 'Namespace')).toEqual(['new']);
    expect(cluster.running()).toEqual(['namespaces']);
  });

  test('that fails is tried again, and whoever waits is told at once', async () => {
    const cluster = scriptedCluster([NAMESPACES]);
    cluster.serves(new AppError('cluster_unreachable', 'connection refused'));
    const sync = await started(cluster);
    await sync.ready('all', { waitMs: 60_000, signal: new AbortController().signal, progress: () => {} });
    expect(sync.problems().map(({ code }) => code)).toEqual(['cluster_unreachable']);
    expect(coverageOf(sync, ['Namespace'])).toMatchObject({ synced: [], syncing: [{ kind: 'Namespace' }] });
    cluster.serves({ resources: [NAMESPACES], failures: [] });
    await cluster.pass(2_000);
    expect(cluster.running()).toEqual(['namespaces']);
    expect(sync.problems()).toEqual([]);
  });
});

test('nothing runs and nothing changes after the end, in whatever state it comes', async () => {
  const cluster = scriptedCluster([NAMESPACES, PODS]);
  const sync = await started(cluster);
  const pods = cluster.reflector('pods');
  await pods.lists([object(PODS, 'a')]);
  await pods.events(['upsert', object(PODS, 'b')]);
  sync.stop();
  await cluster.pass(600_000);
  expect(cluster.running()).toEqual([]);
  expect(namesOf(sync, 'Pod')).toEqual(['a']);
  expect(cluster.clock.pending()).toBe(0);
  expect(sync.status().health).toBe('stopped');
});

test('events are waited for by questions that are about them', async () => {
  const cluster = scriptedCluster([PODS, resource('Event')]);
  const sync = await started(cluster);
  await cluster.reflector('pods').lists([object(PODS, 'a')]);
  const waited: string[] = [];
  const options = { waitMs: 60_000, signal: new AbortController().signal, progress: () => {} };
  for (const kinds of ['objects', 'all'] as const) void sync.ready(kinds, options).then(() => waited.push(kinds));
  await cluster.pass(1_000);
  expect(waited).toEqual(['objects']);
  expect(coverageOf(sync, 'objects')).toMatchObject({ synced: ['Pod'], syncing: [] });
  expect(coverageOf(sync, 'all')).toMatchObject({ synced: ['Pod'], syncing: [{ kind: 'Event' }] });
  await cluster.reflector('events').lists([]);
  await cluster.pass(0);
  expect(waited).toEqual(['objects', 'all']);
});

test('events become stories of their objects: warnings, and what somebody did', async () => {
  const EVENTS = resource('Event');
  const cluster = scriptedCluster([PODS, EVENTS, resource('Event', { group: 'events.k8s.io' })]);
  const sync = await started(cluster);
  expect(cluster.running()).toEqual(['pods', 'events']);
  await cluster.reflector('pods').lists([object(PODS, 'a')]);
  const told = (name: string, type: string, reason: string) => ({
    ...object(EVENTS, name),
    type,
    reason,
    message: 'm',
    involvedObject: { kind: 'Pod', apiVersion: 'v1', namespace: 'sea', name: 'a', uid: 'uid-a' },
  });
  await cluster
    .reflector('events')
    .lists([told('1', 'Warning', 'BackOff'), told('2', 'Normal', 'Pulled'), told('3', 'Normal', 'Killing')]);
  const view = sync.graph.view();
  const reasons = view.events(view.find('Pod', 'sea', 'a') ?? -1).map(({ reason }) => reason);
  expect(reasons.sort()).toEqual(['BackOff', 'Killing']);
});
