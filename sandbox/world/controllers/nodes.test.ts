import { describe, expect, it } from 'vitest';
import { conditionOf } from './kit/conditions.ts';
import type { Node, Pod } from './kit/shapes.ts';
import { createTestWorld } from './test-world.ts';

describe('a node that falls silent', () => {
  it('is unknown after 50 s, tainted, and loses its pods after five minutes', () => {
    const world = createTestWorld();
    world.apply('replicasets.apps', {
      metadata: { name: 'web' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web' }] } },
      },
    });
    const before = world.user.list<Pod>('pods', 'shop').map(({ metadata }) => metadata.name);
    world.clock.advance(52_000);
    const node = world.user.get<Node>('nodes', '', 'node-0')!;
    expect(conditionOf(node.status?.conditions, 'Ready')).toMatchObject({
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
    });
    expect(node.spec?.taints?.map(({ key, effect }) => [key, effect])).toEqual([
      ['node.kubernetes.io/unreachable', 'NoSchedule'],
      ['node.kubernetes.io/unreachable', 'NoExecute'],
    ]);
    expect(world.events('node-0')).toContain('Normal NodeNotReady Node node-0 status is now: NodeNotReady');
    const pod = world.user.get<Pod>('pods', 'shop', before[0]!)!;
    expect(conditionOf(pod.status?.conditions, 'Ready')?.status).toBe('False');
    world.clock.advance(310_000);
    expect(world.user.get('pods', 'shop', before[0]!)).toBeUndefined();
    expect(world.events(before[0]!)).toContain(
      `Normal TaintManagerEviction Marking for deletion Pod shop/${before[0]}`,
    );
    expect(world.failures).toEqual([]);
  });

  it('loses its pods when it is gone', () => {
    const world = createTestWorld();
    world.apply('pods', {
      metadata: { name: 'a' },
      spec: { nodeName: 'node-9', containers: [{ name: 'a', image: 'a' }] },
    });
    world.pass(80_000);
    expect(world.user.get('pods', 'shop', 'a')).toBeUndefined();
  });
});
