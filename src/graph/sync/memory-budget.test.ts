import { expect, test } from 'vitest';
import { BOATS, NAMESPACES, object, PODS, resource, scriptedCluster } from '../../../test/support/scripted-sync.ts';
import { started } from '../../../test/support/started-sync.ts';
import { coverageOf } from './coverage.ts';
import { createMemoryBudget, nextToDrop } from './memory-budget.ts';

test('kinds are dropped in one order: events, configuration, roles, custom kinds … pods, nodes', () => {
  const kinds = [
    'Node',
    'Pod',
    'Deployment.apps',
    'Service',
    'Secret',
    'Boat.sea.example.com',
    'RoleBinding.rbac.authorization.k8s.io',
    'PriorityClass.scheduling.k8s.io',
    'Event',
    'ReplicaSet.apps',
  ];
  const order: string[] = [];
  const left = new Set(kinds);
  for (let next = nextToDrop([...left], () => 1); next !== undefined; next = nextToDrop([...left], () => 1)) {
    order.push(next);
    left.delete(next);
  }
  expect(order).toEqual([
    'Event',
    'Secret',
    'RoleBinding.rbac.authorization.k8s.io',
    'Boat.sea.example.com',
    'PriorityClass.scheduling.k8s.io',
    'Service',
    'ReplicaSet.apps',
    'Deployment.apps',
    'Pod',
    'Node',
  ]);
  expect(nextToDrop(['Pod', 'Secret'], (kind) => (kind === 'Pod' ? 1 : 0))).toBe('Pod');
  expect(nextToDrop(['Pod'], () => 0)).toBeUndefined();
});

test('above the limit a graph loses what is least useful; it stays away, and is named', async () => {
  const secrets = resource('Secret');
  const cluster = scriptedCluster([NAMESPACES, PODS, secrets, BOATS], { settings: { memory: createMemoryBudget(0) } });
  cluster.objects.set('customresourcedefinitions ', []);
  const budget = { limit: 1e9 };
  const { memory } = cluster.ports.settings;
  Object.assign(cluster.ports.settings, {
    memory: {
      get limit() {
        return budget.limit;
      },
      used: memory.used,
      register: memory.register,
    },
  });
  const sync = await started(cluster);
  await cluster.reflector('namespaces').lists([object(NAMESPACES, 'sea')]);
  await cluster.reflector('pods').lists(Array.from({ length: 300 }, (_, index) => object(PODS, `pod-${index}`)));
  await cluster.reflector('secrets').lists(Array.from({ length: 300 }, (_, index) => object(secrets, `s-${index}`)));
  await cluster.reflector('boats').lists([]);
  expect(sync.status().health).toBe('healthy');
  budget.limit = sync.graph.memory().total * 0.9;
  await cluster.pass(5_000);
  expect(sync.graph.view().count('Secret').total).toBe(0);
  expect(sync.graph.view().count('Pod').total).toBe(300);
  expect(coverageOf(sync, ['Secret', 'Pod'])).toMatchObject({
    synced: ['Pod'],
    left: [{ kind: 'Secret', reason: 'dropped: the graphs reached GRAPH_MEMORY_LIMIT' }],
  });
  expect(sync.status()).toMatchObject({
    health: 'degraded',
    kinds: { Secret: { state: 'dropped', objects: 0 }, Pod: { state: 'synced', objects: 300 } },
  });
  budget.limit = 1e9;
  await cluster.pass(600_000);
  expect(cluster.running()).not.toContain('secrets');
});

test('the last page of a list counts as soon as it is in: nobody waits for the next look at the clock', async () => {
  const secrets = resource('Secret');
  const cluster = scriptedCluster([NAMESPACES, PODS, secrets], { settings: { memory: createMemoryBudget(400_000) } });
  cluster.objects.set('customresourcedefinitions ', []);
  const sync = await started(cluster);
  await cluster.reflector('namespaces').lists([object(NAMESPACES, 'sea')]);
  await cluster.reflector('pods').lists([object(PODS, 'pod')]);
  expect(sync.graph.memory().total).toBeLessThan(250_000);
  await cluster.reflector('secrets').lists(Array.from({ length: 1000 }, (_, index) => object(secrets, `s-${index}`)));
  expect(sync.graph.view().count('Secret').total).toBe(0);
  expect(sync.graph.view().count('Pod').total).toBe(1);
});
