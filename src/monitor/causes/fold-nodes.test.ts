import { describe, expect, it } from 'vitest';
import { graphOf } from '../../graph/testing.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { foldFindings } from './fold.ts';
import { deployment, finding, NOW, node, pod, replicaSet, told, workload } from './testing.ts';

describe('findings of nodes', () => {
  it('are one for the nodes of one pool', () => {
    const pool = { 'karpenter.sh/nodepool': 'ng-3' };
    const objects = [
      node('n1', pool),
      node('n2', pool),
      node('n9', { 'karpenter.sh/nodepool': 'ng-1' }),
      ...workload('x', { node: 'n1' }),
      ...workload('y', { node: 'n2' }),
    ];
    const cause = (name: string) => ({ cause: { kind: 'Node', namespace: '', name } });
    const findings = [
      finding('Node/n1', 'node-not-ready'),
      finding('Node/n2', 'node-not-ready'),
      finding('Pod/a/x-1', 'pod-on-bad-node', cause('n1')),
      finding('Pod/a/y-1', 'pod-on-bad-node', cause('n2')),
    ];
    expect(told(objects, findings)).toEqual([
      'Node/n1: 2 Pods: pod-on-bad-node <- node pool ng-3 (2 nodes: n1, n2): node-not-ready',
    ]);
  });

  describe('of nodes of one pool or zone', () => {
    const zone = { 'topology.kubernetes.io/zone': 'a' };
    const nodes = (count: number) => Array.from({ length: count }, (_, at) => node(`n${at + 1}`, zone));
    const down = (count: number, title: (at: number) => string = () => 'NotReady') =>
      Array.from({ length: count }, (_, at) =>
        finding(`Node/n${at + 1}`, 'node-not-ready', { key: 'Ready', title: title(at) }),
      );

    it('are one where most of them are down, as the node controller counts it', () => {
      const cases = (all: number, ill: number) => told(nodes(all), down(ill)).length;
      expect([cases(2, 2), cases(3, 2), cases(5, 3), cases(6, 3), cases(1000, 16)]).toEqual([1, 2, 1, 3, 16]);
    });

    it('are told with what is said of each of them', () => {
      const mixed = down(3, (at: number) => (at === 0 ? 'NotReady: no network' : 'NotReady: silent'));
      expect(told(nodes(3), mixed)).toEqual([
        'Node/n1: zone a (3 nodes: n1, n2, n3): NotReady: silent (2 of 3); NotReady: no network (1 of 3)',
      ]);
    });

    it('are apart where they lack different things', () => {
      const [first, ...others] = down(3);
      const short = finding('Node/n1', 'node-not-ready', { key: 'MemoryPressure' });
      expect(first).toBeDefined();
      expect(told(nodes(3), [short, ...others])).toHaveLength(3);
    });
  });

  it('are measured by what they hurt: pods on a node that is down count, those that still serve beside a failed rollout do not', () => {
    const ready = (one: KubeObject): KubeObject => ({
      ...one,
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    });
    const rollout = [
      { ...deployment('x', { replicas: 4 }), status: { availableReplicas: 4 } },
      replicaSet('x'),
      ...[1, 2, 3, 4].map((at) => ready(pod('x', at))),
      pod('x', 5),
    ];
    const onNode = [node('n1', {}), ...workload('y', { node: 'n1' }), pod('y', 3, { node: 'n1' })];
    const anomalies = foldFindings(
      [
        finding('Pod/a/x-5', 'image-pull'),
        finding('Node/n1', 'node-not-ready'),
        ...[1, 2, 3].map((at) =>
          finding(`Pod/a/y-${at}`, 'pod-on-bad-node', { cause: { kind: 'Node', namespace: '', name: 'n1' } }),
        ),
      ],
      graphOf([...rollout, ...onNode]).view,
      NOW,
    );
    const reach = anomalies.map(({ root, blast }) => [root.name, blast.objects]);
    expect(reach).toEqual([
      ['n1', 3],
      ['x', 1],
    ]);
  });
});
