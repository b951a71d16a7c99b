import { expect, test } from 'vitest';
import { memoryCluster } from '../../../test/support/memory-view.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { operation } from './k8s-get-nodes.ts';

function node(name: string, spec: object, conditions: object[], labels: Record<string, string> = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels, creationTimestamp: '2025-01-10T00:00:00Z' },
    spec,
    status: {
      conditions,
      nodeInfo: { kubeletVersion: 'v1.36.0' },
      addresses: [
        { type: 'Hostname', address: name },
        { type: 'InternalIP', address: '10.1.0.1' },
      ],
      allocatable: { cpu: '3920m', memory: '14Gi', pods: '110' },
    },
  };
}

test('nodes with what keeps pods away, those in trouble first', async () => {
  const ready = { type: 'Ready', status: 'True' };
  const objects = [
    node('a', {}, [ready], { 'node-role.kubernetes.io/control-plane': '' }),
    node('b', { unschedulable: true, taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] }, [
      ready,
      { type: 'DiskPressure', status: 'True' },
    ]),
    node('c', {}, [{ type: 'Ready', status: 'Unknown' }]),
  ];
  const { text, requests } = await memoryCluster({ objects, rules: { allowedNamespaces: new Set(['team-a']) } }).call(
    operation,
    {},
  );
  expect(text).toBe(
    [
      '3 nodes',
      'NAME STATUS ROLES AGE VERSION INTERNAL-IP CPU MEMORY PODS TAINTS PROBLEMS',
      'b Ready,SchedulingDisabled - 365d v1.36.0 10.1.0.1 3920m 14Gi 110 gpu=yes:NoSchedule DiskPressure',
      'c NotReady - 365d v1.36.0 10.1.0.1 3920m 14Gi 110 - -',
      'a Ready control-plane 365d v1.36.0 10.1.0.1 3920m 14Gi 110 - -',
    ].join('\n'),
  );
  expect(requests).toEqual(['list nodes * limit=1000']);
});
