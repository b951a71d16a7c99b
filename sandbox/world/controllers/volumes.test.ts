import { describe, expect, it } from 'vitest';
import { createTestWorld, type TestWorld } from './test-world.ts';
import type { Claim, Volume } from './volumes/shapes.ts';

const claim = (storageClassName?: string) => ({
  metadata: { name: 'data' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
    ...(storageClassName === undefined ? {} : { storageClassName }),
  },
});
const storageClass = (more: object = {}) => ({ metadata: { name: 'fast' }, provisioner: 'disk.sandbox', ...more });
const data = (world: TestWorld) => world.user.get<Claim>('persistentvolumeclaims', 'shop', 'data');

describe('a claim', () => {
  it('gets a volume made, which goes with it', () => {
    const world = createTestWorld();
    world.apply('storageclasses.storage.k8s.io', storageClass());
    world.apply('persistentvolumeclaims', claim('fast'));
    expect(data(world)?.status?.phase).toBe('Pending');
    world.pass(5_000);
    expect(data(world)?.status).toMatchObject({ phase: 'Bound', capacity: { storage: '1Gi' } });
    expect(world.events('data').map((text) => text.split(' ')[1])).toEqual([
      'ExternalProvisioning',
      'Provisioning',
      'ProvisioningSucceeded',
    ]);
    const [volume] = world.user.list<Volume>('persistentvolumes');
    expect(volume?.status?.phase).toBe('Bound');
    world.user.delete('persistentvolumeclaims', 'shop', 'data');
    world.pass(5_000);
    expect(data(world)).toBeUndefined();
    expect(world.user.list('persistentvolumes')).toEqual([]);
    expect(world.failures).toEqual([]);
  });

  it('grows with its volume where its class allows it, and is refused where it does not', () => {
    const world = createTestWorld();
    world.apply('storageclasses.storage.k8s.io', storageClass({ allowVolumeExpansion: true }));
    world.apply('storageclasses.storage.k8s.io', { ...storageClass(), metadata: { name: 'fixed' } });
    const grow = (name: string) => () =>
      world.user.modify<Claim>('persistentvolumeclaims', 'shop', name, ({ spec }) => {
        spec.resources = { requests: { storage: '3Gi' } };
      });
    world.apply('persistentvolumeclaims', claim('fast'));
    world.apply('persistentvolumeclaims', { ...claim('fixed'), metadata: { name: 'fixed' } });
    world.pass(5_000);
    grow('data')();
    world.pass(10_000);
    expect(data(world)?.status?.capacity).toEqual({ storage: '3Gi' });
    expect(
      world.user
        .list<Volume>('persistentvolumes')
        .map(({ spec }) => spec.capacity)
        .toSorted(),
    ).toContainEqual({
      storage: '3Gi',
    });
    expect(grow('fixed')).toThrow(
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    );
    expect(world.failures).toEqual([]);
  });

  it('waits for its first consumer to be placed', () => {
    const world = createTestWorld();
    world.apply('storageclasses.storage.k8s.io', storageClass({ volumeBindingMode: 'WaitForFirstConsumer' }));
    world.apply('persistentvolumeclaims', claim('fast'));
    expect(world.events('data')).toEqual([
      'Normal WaitForFirstConsumer waiting for first consumer to be created before binding',
    ]);
    world.user.modify('persistentvolumeclaims', 'shop', 'data', ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, 'volume.kubernetes.io/selected-node': 'node-1' };
    });
    world.pass(5_000);
    expect(data(world)?.status?.phase).toBe('Bound');
    expect(JSON.stringify(world.user.list<Volume>('persistentvolumes')[0]?.spec.nodeAffinity)).toContain('"b"');
  });

  it('says that its class is missing, or that there is none', () => {
    const world = createTestWorld();
    world.apply('persistentvolumeclaims', claim('gone'));
    expect(world.events('data')).toEqual(['Warning ProvisioningFailed storageclass.storage.k8s.io "gone" not found']);
    world.apply('persistentvolumeclaims', { ...claim(), metadata: { name: 'other' } });
    expect(world.events('other')).toEqual([
      'Normal FailedBinding no persistent volumes available for this claim and no storage class is set',
    ]);
  });

  it('binds to the smallest volume that will do, and leaves it released', () => {
    const world = createTestWorld();
    for (const [name, storage] of [
      ['big', '10Gi'],
      ['small', '512Mi'],
      ['fits', '2Gi'],
    ] as const) {
      const spec = {
        accessModes: ['ReadWriteOnce'],
        capacity: { storage },
        hostPath: { path: '/x' },
        persistentVolumeReclaimPolicy: 'Retain',
      };
      world.apply('persistentvolumes', { metadata: { name }, spec });
    }
    world.apply('persistentvolumeclaims', claim(''));
    expect(data(world)?.spec.volumeName).toBe('fits');
    world.user.delete('persistentvolumeclaims', 'shop', 'data');
    world.pass(1_000);
    expect(world.user.get<Volume>('persistentvolumes', '', 'fits')?.status?.phase).toBe('Released');
  });
});
