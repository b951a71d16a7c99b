import { describe, expect, it } from 'vitest';
import type { DaemonSet } from './daemon-set/nodes.ts';
import { nodeOfPod } from './daemon-set/nodes.ts';
import type { Pod } from './kit/shapes.ts';
import { createTestWorld, type TestWorld } from './test-world.ts';

const spec = (more: object = {}) => ({
  selector: { matchLabels: { app: 'agent' } },
  template: {
    metadata: { labels: { app: 'agent' } },
    spec: { containers: [{ name: 'agent', image: 'agent:1' }], ...more },
  },
});
const agent = (world: TestWorld) => world.user.get<DaemonSet>('daemonsets.apps', 'shop', 'agent')!;
const places = (world: TestWorld) => world.user.list<Pod>('pods', 'shop').map(nodeOfPod).toSorted();

describe('a DaemonSet', () => {
  it('puts one pod on every node, by affinity', () => {
    const world = createTestWorld({ fate: () => 'wait' });
    world.apply('daemonsets.apps', { metadata: { name: 'agent' }, spec: spec() });
    expect(places(world)).toEqual(['node-0', 'node-1']);
    expect(agent(world).status).toMatchObject({
      desiredNumberScheduled: 2,
      currentNumberScheduled: 2,
      numberReady: 0,
      numberUnavailable: 2,
      updatedNumberScheduled: 2,
      numberMisscheduled: 0,
    });
  });

  it('follows the labels and taints of nodes', () => {
    const world = createTestWorld({ fate: () => 'wait' });
    world.apply('daemonsets.apps', { metadata: { name: 'agent' }, spec: spec({ nodeSelector: { disk: 'ssd' } }) });
    expect(places(world)).toEqual([]);
    world.user.modify('nodes', '', 'node-1', ({ metadata }) => {
      metadata.labels = { ...metadata.labels, disk: 'ssd' };
    });
    world.clock.advance(0);
    expect(places(world)).toEqual(['node-1']);
    world.user.modify('nodes', '', 'node-1', (node) => {
      node['spec'] = { taints: [{ key: 'dedicated', value: 'db', effect: 'NoExecute' }] };
    });
    world.clock.advance(0);
    expect(places(world)).toEqual([]);
  });

  it('updates one node after the other', () => {
    const world = createTestWorld();
    world.apply('daemonsets.apps', { metadata: { name: 'agent' }, spec: spec() });
    world.user.modify<DaemonSet>('daemonsets.apps', 'shop', 'agent', (draft) => {
      (draft.spec.template.spec.containers[0] as { image?: string }).image = 'agent:2';
    });
    world.clock.advance(0);
    const images = world.user
      .list<Pod>('pods', 'shop')
      .map(({ spec: { containers } }) => (containers[0] as { image?: string }).image);
    expect(images).toEqual(['agent:2', 'agent:2']);
    expect(world.user.list('controllerrevisions.apps', 'shop')).toHaveLength(2);
    expect(world.failures).toEqual([]);
  });

  it('brings the new pod before the old one goes when it may surge', () => {
    let fate: 'run' | 'wait' = 'run';
    const world = createTestWorld({ fate: () => fate });
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
    world.apply('daemonsets.apps', { metadata: { name: 'agent' }, spec: { ...spec(), updateStrategy } });
    const images = () =>
      world.user
        .list<Pod>('pods', 'shop')
        .map(({ spec: { containers } }) => (containers[0] as { image?: string }).image)
        .toSorted();
    fate = 'wait';
    world.user.modify<DaemonSet>('daemonsets.apps', 'shop', 'agent', (draft) => {
      (draft.spec.template.spec.containers[0] as { image?: string }).image = 'agent:2';
    });
    world.pass(60_000);
    expect(images(), 'none is lost while the new one does not come up').toEqual(['agent:1', 'agent:1', 'agent:2']);
    fate = 'run';
    for (const { metadata } of world.user.list<Pod>('pods', 'shop'))
      world.user.modify('pods', 'shop', metadata.name, (pod) => {
        pod.metadata.annotations = { look: 'again' };
      });
    world.pass(60_000);
    expect(images()).toEqual(['agent:2', 'agent:2']);
    expect(world.failures).toEqual([]);
  });
});
