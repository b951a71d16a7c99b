/** Controllers of few lines, each with what it is there for. */
import { expect, test } from 'vitest';
import type { Pod } from './kit/shapes.ts';
import type { ReplicaSet } from './replica-set.ts';
import { createTestWorld } from './test-world.ts';
import type { Claim } from './volumes/shapes.ts';

const RBAC = 'clusterroles.rbac.authorization.k8s.io';

test('a ClusterRole that gathers others follows them, once each rule, and takes nothing from itself', () => {
  const world = createTestWorld();
  const rule = (resource: string) => ({ apiGroups: [''], resources: [resource], verbs: ['get'] });
  const part = (name: string, ...resources: string[]) =>
    world.apply(RBAC, { metadata: { name, labels: { part: 'true' } }, rules: resources.map(rule) });
  const rules = () => world.user.get(RBAC, '', 'all')?.['rules'];
  world.apply(RBAC, {
    metadata: { name: 'all', labels: { part: 'true' } },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { part: 'true' } }, { matchLabels: { more: 'true' } }] },
    rules: [rule('gone')],
  });
  part('a', 'pods', 'services');
  part('b', 'pods');
  expect(rules()).toEqual([rule('pods'), rule('services')]);
  world.user.delete(RBAC, '', 'a');
  world.clock.advance(0);
  expect(rules()).toEqual([rule('pods')]);
  expect(world.failures).toEqual([]);
});

test('a ReplicationController keeps as many pods as it is told to', () => {
  const world = createTestWorld();
  world.apply('replicationcontrollers', {
    metadata: { name: 'rc' },
    spec: {
      replicas: 3,
      selector: { app: 'rc' },
      template: { metadata: { labels: { app: 'rc' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
    },
  });
  const pods = () => world.user.list<Pod>('pods', 'shop');
  const status = () => world.user.get<ReplicaSet>('replicationcontrollers', 'shop', 'rc')?.status;
  expect(pods()).toHaveLength(3);
  expect(status()).toMatchObject({ replicas: 3, readyReplicas: 3, availableReplicas: 3, fullyLabeledReplicas: 3 });
  world.user.delete('pods', 'shop', pods()[0]?.metadata.name ?? '');
  world.clock.advance(0);
  expect(pods()).toHaveLength(3);
  world.user.modify<ReplicaSet>('replicationcontrollers', 'shop', 'rc', ({ spec }) => {
    spec.replicas = 1;
  });
  world.clock.advance(0);
  expect([pods().length, status()?.replicas]).toEqual([1, 1]);
  world.user.delete('replicationcontrollers', 'shop', 'rc', { propagationPolicy: 'Background' });
  world.pass(10_000);
  expect(pods()).toEqual([]);
});

const withScratch = (name: string) => ({
  metadata: { name },
  spec: {
    containers: [{ name: 'c', image: 'i' }],
    volumes: [
      {
        name: 'scratch',
        ephemeral: {
          volumeClaimTemplate: {
            metadata: { labels: { of: name } },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        },
      },
    ],
  },
});

test('a generic ephemeral volume has a claim, which comes and goes with its pod', () => {
  const world = createTestWorld();
  const claim = () => world.user.get<Claim>('persistentvolumeclaims', 'shop', 'p-scratch');
  const pod = world.apply('pods', withScratch('p'));
  expect(claim()?.metadata).toMatchObject({
    labels: { of: 'p' },
    ownerReferences: [{ kind: 'Pod', name: 'p', uid: pod.metadata.uid, controller: true, blockOwnerDeletion: true }],
  });
  world.user.delete('pods', 'shop', 'p');
  world.pass(10_000);
  expect(claim()).toBeUndefined();
  expect(world.failures).toEqual([]);
});

test('a claim of that name that is another’s is left alone, and the pod told so', () => {
  const world = createTestWorld();
  const { spec } = withScratch('p').spec.volumes[0]!.ephemeral.volumeClaimTemplate;
  world.apply('persistentvolumeclaims', { metadata: { name: 'p-scratch' }, spec });
  world.apply('pods', withScratch('p'));
  expect(world.events('p')).toEqual([
    'Warning FailedBinding ephemeral volume scratch: PVC shop/p-scratch was not created for pod shop/p (pod is not owner)',
  ]);
});
