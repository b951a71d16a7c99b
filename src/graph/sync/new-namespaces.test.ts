import { expect, test } from 'vitest';
import { NAMESPACES, object, PODS, scriptedCluster } from '../../../test/support/scripted-sync.ts';
import { namesOf, started } from '../../../test/support/started-sync.ts';

const FORBIDDEN = { state: 'forbidden', reason: 'cannot list pods', recheckAt: 0 } as const;

/** Pods may be read in `sea` only. */
async function withSea(options: Parameters<typeof scriptedCluster>[1] = {}) {
  const cluster = scriptedCluster([NAMESPACES, PODS], options);
  cluster.objects.set('pods sea', []);
  const sync = await started(cluster);
  await cluster.reflector('namespaces').lists([object(NAMESPACES, 'sea'), object(NAMESPACES, 'land')]);
  cluster.reflector('pods').state(FORBIDDEN);
  await cluster.pass(0);
  await cluster.reflector('pods', 'sea').lists([]);
  expect(cluster.running()).toEqual(['namespaces', 'pods', 'pods sea']);
  cluster.requests.splice(0);
  return { cluster, sync };
}

test('F22: refused cluster-wide, a kind is read where it may be, and all at once again when that is allowed', async () => {
  const cluster = scriptedCluster([NAMESPACES, PODS], { scope: { homeNamespace: 'home' } });
  cluster.objects.set('pods sea', []).set('pods home', []);
  const sync = await started(cluster);
  await cluster.reflector('namespaces').lists([object(NAMESPACES, 'sea'), object(NAMESPACES, 'land')]);
  cluster.reflector('pods').state({ state: 'forbidden', reason: 'cannot list pods', recheckAt: 0 });
  expect(sync.graph.view().kindState('Pod').state).toBe('syncing');
  await cluster.pass(0);
  expect(cluster.running()).toEqual(['namespaces', 'pods', 'pods home', 'pods sea']);
  await cluster.reflector('pods', 'sea').lists([object(PODS, 'a')]);
  await cluster.reflector('pods', 'home').lists([]);
  expect(sync.graph.view().kindState('Pod')).toEqual({ state: 'synced', namespaces: ['home', 'sea'] });
  cluster.reflector('pods').state({ state: 'forbidden', reason: 'cannot list pods', recheckAt: 1 });
  expect(namesOf(sync, 'Pod')).toEqual(['a']);
  expect(sync.namespaces()).toEqual(['home', 'sea']);

  await cluster.reflector('pods').lists([object(PODS, 'a'), object(PODS, 'z', { namespace: 'land' })]);
  expect(cluster.running()).toEqual(['namespaces', 'pods']);
  expect(sync.graph.view().kindState('Pod')).toEqual({ state: 'synced' });
  expect(namesOf(sync, 'Pod')).toEqual(['a', 'z']);
});

test('F22: a namespace that is created is read at once where it may be; what is known already is not asked again', async () => {
  const { cluster, sync } = await withSea();
  cluster.objects.set('pods port', []);
  await cluster.reflector('namespaces').events(['upsert', object(NAMESPACES, 'port')]);
  const labelled = object(NAMESPACES, 'land', { resourceVersion: '2', labels: { a: 'b' } });
  await cluster.reflector('namespaces').events(['upsert', labelled]);
  await cluster.pass(100);
  expect(cluster.running()).toEqual(['namespaces', 'pods', 'pods sea', 'pods port']);
  await cluster.reflector('pods', 'port').lists([object(PODS, 'p', { namespace: 'port' })]);
  expect(sync.graph.view().kindState('Pod')).toEqual({ state: 'synced', namespaces: ['sea', 'port'] });
  expect(namesOf(sync, 'Pod')).toEqual(['p']);
  await cluster.pass(120_000);
  expect(cluster.requests.filter((request) => request.startsWith('pods'))).toEqual(['pods port']);
});

test('F22: rights that are given after the namespace are found within seconds; those that never are cost four requests', async () => {
  const { cluster } = await withSea();
  await cluster
    .reflector('namespaces')
    .events(['upsert', object(NAMESPACES, 'port')], ['upsert', object(NAMESPACES, 'x')]);
  await cluster.pass(100);
  expect(cluster.running()).not.toContain('pods port');
  cluster.objects.set('pods port', []);
  await cluster.pass(3_000);
  expect(cluster.running()).toContain('pods port');
  await cluster.pass(300_000);
  expect(cluster.requests.filter((request) => request === 'pods x')).toHaveLength(4);
});

test('F22: a namespace that policy hides is not asked', async () => {
  const { cluster } = await withSea({ scope: { forbiddenNamespaces: new Set(['port']) } });
  await cluster.reflector('namespaces').events(['upsert', object(NAMESPACES, 'port')]);
  await cluster.pass(100_000);
  expect(cluster.requests.filter((request) => request === 'pods port')).toEqual([]);
});

test('a namespace that goes takes its Reflector with it, and is read again when it comes back', async () => {
  const { cluster, sync } = await withSea();
  await cluster.reflector('pods', 'sea').events(['upsert', object(PODS, 'late')]);
  await cluster.reflector('namespaces').events(['delete', object(NAMESPACES, 'sea')]);
  await cluster.pass(20);
  expect(cluster.running()).toEqual(['namespaces', 'pods']);
  expect(namesOf(sync, 'Pod')).toEqual([]);
  await cluster.reflector('namespaces').events(['upsert', object(NAMESPACES, 'sea', { uid: 'another' })]);
  await cluster.pass(100);
  expect(cluster.running()).toEqual(['namespaces', 'pods', 'pods sea']);
});

test('a namespace that goes while it is tried is tried no more', async () => {
  const { cluster } = await withSea();
  await cluster.reflector('namespaces').events(['upsert', object(NAMESPACES, 'port')]);
  await cluster.pass(100);
  await cluster.reflector('namespaces').events(['delete', object(NAMESPACES, 'port')]);
  cluster.objects.set('pods port', []);
  await cluster.pass(100_000);
  expect(cluster.running()).not.toContain('pods port');
});

test('namespaces that the operator named are read whether they are there or not', async () => {
  const cluster = scriptedCluster([NAMESPACES, PODS], { scope: { allowedNamespaces: ['sea'] } });
  await started(cluster);
  await cluster.reflector('namespaces').lists([object(NAMESPACES, 'sea')]);
  await cluster.reflector('namespaces').events(['delete', object(NAMESPACES, 'sea')]);
  await cluster.pass(20);
  expect(cluster.running()).toEqual(['namespaces', 'pods sea']);
});

test('a namespace that was made anew is asked again where it had refused', async () => {
  const { cluster } = await withSea();
  const sea = cluster.reflector('pods', 'sea');
  sea.state(FORBIDDEN);
  await cluster.reflector('namespaces').events(['upsert', object(NAMESPACES, 'sea', { uid: 'another' })]);
  await cluster.pass(200);
  expect(sea.relists).toEqual(['it may be read by now']);
});
