import { describe, expect, it } from 'vitest';
import type { Deployment } from './deployment/shapes.ts';
import type { ReplicaSet } from './replica-set.ts';
import { createTestWorld } from './test-world.ts';

const spec = (image: string, replicas = 3, more: object = {}) => ({
  replicas,
  selector: { matchLabels: { app: 'web' } },
  template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
  ...more,
});
const web = (world: ReturnType<typeof createTestWorld>) =>
  world.user.get<Deployment>('deployments.apps', 'shop', 'web')!;
const sets = (world: ReturnType<typeof createTestWorld>) =>
  world.user
    .list<ReplicaSet>('replicasets.apps', 'shop')
    .map(({ metadata, spec: { replicas } }) => [metadata.annotations?.['deployment.kubernetes.io/revision'], replicas]);

describe('a Deployment', () => {
  it('makes a ReplicaSet and its pods, and says so', () => {
    const world = createTestWorld();
    world.apply('deployments.apps', { metadata: { name: 'web' }, spec: spec('nginx:1') });
    expect(web(world).status).toMatchObject({
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      terminatingReplicas: 0,
    });
    const [set] = world.user.list<ReplicaSet>('replicasets.apps', 'shop');
    expect(web(world).status?.conditions).toMatchObject([
      { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
      {
        type: 'Progressing',
        reason: 'NewReplicaSetAvailable',
        message: `ReplicaSet "${set!.metadata.name}" has successfully progressed.`,
      },
    ]);
    expect(web(world).metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '1' });
    expect(world.events('web')).toEqual([
      `Normal ScalingReplicaSet Scaled up replica set ${set!.metadata.name} from 0 to 3`,
    ]);
    expect(world.events(set!.metadata.name)).toHaveLength(3);
    expect(world.failures).toEqual([]);
  });

  it('rolls over to a new template and back, keeping revisions', () => {
    const world = createTestWorld();
    world.apply('deployments.apps', { metadata: { name: 'web' }, spec: spec('nginx:1') });
    const roll = (image: string) => {
      world.user.modify<Deployment>('deployments.apps', 'shop', 'web', (draft) => {
        (draft.spec.template.spec.containers[0] as { image?: string }).image = image;
      });
      world.clock.advance(0);
    };
    roll('nginx:2');
    expect(sets(world).toSorted()).toEqual([
      ['1', 0],
      ['2', 3],
    ]);
    roll('nginx:1');
    expect(sets(world).toSorted()).toEqual([
      ['2', 0],
      ['3', 3],
    ]);
    expect(web(world).metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
    expect(world.user.list('pods', 'shop')).toHaveLength(3);
    expect(world.failures).toEqual([]);
  });

  it('stops at what it may not lose when the new pods do not come up, and gives up after its deadline', () => {
    const world = createTestWorld({
      fate: ({ spec: { containers } }) => ((containers[0] as { image?: string }).image === 'bad' ? 'wait' : 'run'),
    });
    world.apply('deployments.apps', { metadata: { name: 'web' }, spec: spec('nginx:1', 4) });
    world.user.modify<Deployment>('deployments.apps', 'shop', 'web', (draft) => {
      (draft.spec.template.spec.containers[0] as { image?: string }).image = 'bad';
    });
    world.clock.advance(0);
    // A quarter may be missing and a quarter more than wanted.
    expect(sets(world).toSorted()).toEqual([
      ['1', 3],
      ['2', 2],
    ]);
    world.pass(620_000);
    expect(web(world).status?.conditions?.find(({ type }) => type === 'Progressing')).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
    });
  });

  it('recreates: nothing new before the last old pod is gone', () => {
    const world = createTestWorld();
    world.apply('deployments.apps', {
      metadata: { name: 'web' },
      spec: spec('nginx:1', 2, { strategy: { type: 'Recreate' } }),
    });
    world.user.modify<Deployment>('deployments.apps', 'shop', 'web', (draft) => {
      (draft.spec.template.spec.containers[0] as { image?: string }).image = 'nginx:2';
    });
    world.clock.advance(0);
    expect(sets(world).toSorted()).toEqual([
      ['1', 0],
      ['2', 2],
    ]);
    expect(web(world).status).toMatchObject({ replicas: 2, availableReplicas: 2 });
  });

  it('waits while it is paused, but scales', () => {
    const world = createTestWorld();
    world.apply('deployments.apps', { metadata: { name: 'web' }, spec: spec('nginx:1', 2) });
    world.user.modify<Deployment>('deployments.apps', 'shop', 'web', (draft) => {
      draft.spec.paused = true;
      draft.spec.replicas = 5;
      (draft.spec.template.spec.containers[0] as { image?: string }).image = 'nginx:2';
    });
    world.clock.advance(0);
    expect(sets(world)).toEqual([['1', 5]]);
    expect(web(world).status?.conditions?.find(({ type }) => type === 'Progressing')).toMatchObject({
      status: 'Unknown',
      reason: 'DeploymentPaused',
      message: 'Deployment is paused',
    });
  });

  it('goes with everything it owns', () => {
    const world = createTestWorld();
    world.apply('deployments.apps', { metadata: { name: 'web' }, spec: spec('nginx:1', 2) });
    world.user.delete('deployments.apps', 'shop', 'web', { propagationPolicy: 'Background' });
    world.pass(60_000);
    expect(world.user.list('replicasets.apps', 'shop')).toEqual([]);
    expect(world.user.list('pods', 'shop')).toEqual([]);
  });

  it('goes last when it is deleted in the foreground', () => {
    const world = createTestWorld();
    world.apply('deployments.apps', { metadata: { name: 'web' }, spec: spec('nginx:1', 2) });
    world.user.delete('deployments.apps', 'shop', 'web', { propagationPolicy: 'Foreground' });
    expect(web(world).metadata.finalizers).toEqual(['foregroundDeletion']);
    world.pass(60_000);
    expect(world.user.get('deployments.apps', 'shop', 'web')).toBeUndefined();
    expect(world.user.list('pods', 'shop')).toEqual([]);
  });

  it('leaves its ReplicaSet when it is deleted as an orphan', () => {
    const world = createTestWorld();
    world.apply('deployments.apps', { metadata: { name: 'web' }, spec: spec('nginx:1', 2) });
    world.user.delete('deployments.apps', 'shop', 'web', { propagationPolicy: 'Orphan' });
    world.pass(60_000);
    const [set] = world.user.list('replicasets.apps', 'shop');
    expect(set?.metadata.ownerReferences).toBeUndefined();
    expect(world.user.list('pods', 'shop')).toHaveLength(2);
    expect(world.failures).toEqual([]);
  });
});
