import { describe, expect, it } from 'vitest';
import type { Pod } from './kit/shapes.ts';
import type { StatefulSet } from './stateful-set/shapes.ts';
import { createTestWorld, type TestWorld } from './test-world.ts';

const spec = (more: object = {}) => ({
  replicas: 3,
  serviceName: 'db',
  selector: { matchLabels: { app: 'db' } },
  template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', image: 'pg:1' }] } },
  ...more,
});
const claims = [
  {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: '', resources: { requests: { storage: '1Gi' } } },
  },
];
const db = (world: TestWorld) => world.user.get<StatefulSet>('statefulsets.apps', 'shop', 'db')!;
const names = (world: TestWorld) => world.user.list('pods', 'shop').map(({ metadata }) => metadata.name);
const image = (world: TestWorld, name: string) =>
  (world.user.get<Pod>('pods', 'shop', name)?.spec.containers[0] as { image?: string } | undefined)?.image;
const change = (world: TestWorld, edit: (draft: StatefulSet) => void) => {
  world.user.modify<StatefulSet>('statefulsets.apps', 'shop', 'db', edit);
  world.clock.advance(0);
};

describe('a StatefulSet', () => {
  it('makes pods one after the other, each with its claim', () => {
    const world = createTestWorld({ fate: ({ metadata }) => (metadata.name === 'db-1' ? 'wait' : 'run') });
    world.apply('statefulsets.apps', { metadata: { name: 'db' }, spec: spec({ volumeClaimTemplates: claims }) });
    expect(names(world)).toEqual(['db-0', 'db-1']);
    expect(world.events('db').toSorted()).toEqual([
      'Normal SuccessfulCreate Create Claim data-db-0 Pod db-0 in StatefulSet db success',
      'Normal SuccessfulCreate Create Claim data-db-1 Pod db-1 in StatefulSet db success',
      'Normal SuccessfulCreate Create Pod db-0 in StatefulSet db successful',
      'Normal SuccessfulCreate Create Pod db-1 in StatefulSet db successful',
    ]);
    expect(db(world).status).toMatchObject({ replicas: 2, readyReplicas: 1, currentReplicas: 2, updatedReplicas: 2 });
  });

  it('looks no further than it gets, however many are wanted', () => {
    const world = createTestWorld({ fate: () => 'wait' });
    world.apply('statefulsets.apps', { metadata: { name: 'db' }, spec: spec({ replicas: 2 ** 31 - 1 }) });
    expect(names(world)).toEqual(['db-0']);
  });

  it('makes them all at once when it is parallel', () => {
    const world = createTestWorld({ fate: () => 'wait' });
    world.apply('statefulsets.apps', { metadata: { name: 'db' }, spec: spec({ podManagementPolicy: 'Parallel' }) });
    expect(names(world)).toEqual(['db-0', 'db-1', 'db-2']);
  });

  it('updates from the last to the partition', () => {
    const world = createTestWorld();
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 1 } };
    world.apply('statefulsets.apps', { metadata: { name: 'db' }, spec: spec({ updateStrategy }) });
    change(world, (draft) => {
      (draft.spec.template.spec.containers[0] as { image?: string }).image = 'pg:2';
    });
    expect(['db-0', 'db-1', 'db-2'].map((name) => image(world, name))).toEqual(['pg:1', 'pg:2', 'pg:2']);
    expect(db(world).status).toMatchObject({ currentReplicas: 1, updatedReplicas: 2 });
    change(world, (draft) => {
      draft.spec.updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 0 } };
    });
    expect(image(world, 'db-0')).toBe('pg:2');
    expect(db(world).status?.currentRevision).toBe(db(world).status?.updateRevision);
    expect(world.failures).toEqual([]);
  });

  it('shrinks from the end and comes back', () => {
    const world = createTestWorld();
    world.apply('statefulsets.apps', { metadata: { name: 'db' }, spec: spec() });
    change(world, (draft) => {
      draft.spec.replicas = 1;
    });
    expect(names(world)).toEqual(['db-0']);
    world.user.delete('pods', 'shop', 'db-0');
    world.clock.advance(0);
    expect(names(world)).toEqual(['db-0']);
    expect(db(world).status).toMatchObject({ replicas: 1, readyReplicas: 1 });
  });
});
