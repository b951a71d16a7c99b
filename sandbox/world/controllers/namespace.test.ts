import { describe, expect, it } from 'vitest';
import { createTestWorld } from './test-world.ts';

describe('a namespace', () => {
  it('has a ServiceAccount and the root certificate from the start', () => {
    const world = createTestWorld();
    expect(world.user.get('serviceaccounts', 'shop', 'default')).toBeDefined();
    expect(world.user.get('configmaps', 'shop', 'kube-root-ca.crt')?.['data']).toEqual({ 'ca.crt': 'PEM' });
  });

  it('goes with all it holds', () => {
    const world = createTestWorld();
    world.apply('configmaps', { metadata: { name: 'a' } });
    world.apply('pods', { metadata: { name: 'a' }, spec: { containers: [{ name: 'a', image: 'a' }] } });
    world.user.delete('namespaces', '', 'shop');
    world.pass(60_000);
    expect(world.user.get('namespaces', '', 'shop')).toBeUndefined();
    expect(world.user.list('configmaps', 'shop')).toEqual([]);
    expect(world.failures).toEqual([]);
  });

  it('goes in rounds when it holds a lot', () => {
    const world = createTestWorld();
    for (let at = 0; at < 1200; at++) world.apply('configmaps', { metadata: { name: `c${at}` } });
    world.user.delete('namespaces', '', 'shop');
    world.pass(100);
    expect([world.user.get('namespaces', '', 'shop'), world.user.list('configmaps', 'shop')]).toEqual([undefined, []]);
  });

  it('says what holds it up', () => {
    const world = createTestWorld();
    world.apply('configmaps', { metadata: { name: 'a', finalizers: ['example.com/keep'] } });
    world.user.delete('namespaces', '', 'shop');
    world.pass(60_000);
    const { conditions } = world.user.get('namespaces', '', 'shop')!['status'] as { conditions: { type: string }[] };
    expect(conditions).toMatchObject([
      { type: 'NamespaceDeletionDiscoveryFailure', status: 'False', reason: 'ResourcesDiscovered' },
      { type: 'NamespaceDeletionGroupVersionParsingFailure', status: 'False', reason: 'ParsedGroupVersions' },
      { type: 'NamespaceDeletionContentFailure', status: 'False', reason: 'ContentDeleted' },
      {
        type: 'NamespaceContentRemaining',
        status: 'True',
        reason: 'SomeResourcesRemain',
        message: 'Some resources are remaining: configmaps. has 1 resource instances',
      },
      {
        type: 'NamespaceFinalizersRemaining',
        status: 'True',
        reason: 'SomeFinalizersRemain',
        message: 'Some content in the namespace has finalizers remaining: example.com/keep in 1 resource instances',
      },
    ]);
  });
});
