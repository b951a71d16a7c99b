import { expect, it } from 'vitest';
import { createKubelet } from './create-kubelet.ts';
import type { KubeNode, Pod } from './pod-types.ts';
import { settledStatus } from './settled-status.ts';
import { nodeNamed, podNamed, START, worldUnderTest } from './world-under-test.ts';

it('A settled pod is taken over as it stands: no event, no other status but the kubelet’s own.', () => {
  const at = worldUnderTest(createKubelet().controllers);
  const node = nodeNamed('node-1') as KubeNode;
  const containers = [{ name: 'c', image: 'nginx:1.27', readinessProbe: { httpGet: { path: '/', port: 80 } } }];
  const initContainers = [{ name: 'i', image: 'busybox', command: ['true'] }];
  const metadata = { uid: 'u1', generation: 1 };
  const pod = podNamed('web', { nodeName: 'node-1', containers, initContainers }, metadata) as Pod;
  pod.status = settledStatus({ pod, node, ip: '10.0.1.7', startedAt: START - 3_600_000, machine: at.machine });
  expect(pod.status).toMatchObject({ phase: 'Running', podIP: '10.0.1.7', startTime: '2026-03-01T09:00:00Z' });
  at.add('nodes', node);
  at.add('pods', pod);
  at.pass(60);
  expect(at.pod('web').status).toEqual(pod.status);
  expect(at.said('web')).toEqual([]);
  at.add('pods', podNamed('other', { nodeName: 'node-1', containers }));
  at.pass(3);
  expect(at.pod('other').status?.podIP).toBe('10.0.1.2');
});
