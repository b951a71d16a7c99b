import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createShop } from '../../../sandbox/shop/shop-under-test.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { createIntern } from '../intern.ts';
import { resourceOf } from '../testing.ts';
import { createProjector } from './projector.ts';

const projector = createProjector(createIntern(), []);

function healthOf(object: KubeObject): string {
  return projector.project(object, resourceOf(object)).health;
}

/** `kind` with its group's version, and the rest as flow YAML. */
function of(kind: string, text: string): string {
  const [apiVersion = '', name = ''] = kind.includes(' ') ? kind.split(' ') : ['v1', kind];
  return healthOf({ apiVersion, kind: name, metadata: { name: 'x', namespace: 'y' }, ...parse(text || '{}') });
}

describe('health of a pod', () => {
  const ready = 'conditions: [{ type: Ready, status: "True" }]';
  it.each([
    ['ok', `{ status: { phase: Running, ${ready} } }`],
    ['done', '{ status: { phase: Succeeded } }'],
    ['failed', '{ status: { phase: Failed, reason: Evicted } }'],
    ['unknown', '{ status: { phase: Unknown } }'],
    ['progressing', '{ status: { phase: Pending } }'],
    [
      'progressing',
      '{ status: { phase: Pending, containerStatuses: [{ name: a, state: { waiting: { reason: ContainerCreating } } }] } }',
    ],
    [
      'failed',
      '{ status: { phase: Pending, containerStatuses: [{ name: a, state: { waiting: { reason: ImagePullBackOff } } }] } }',
    ],
    [
      'failed',
      '{ status: { phase: Running, containerStatuses: [{ name: a, restartCount: 3, state: { waiting: { reason: CrashLoopBackOff } } }] } }',
    ],
    [
      'failed',
      '{ spec: { restartPolicy: Never }, status: { phase: Running, containerStatuses: [{ name: a, state: { terminated: { exitCode: 1 } } }] } }',
    ],
    [
      'warning',
      '{ status: { phase: Running, containerStatuses: [{ name: a, state: { terminated: { exitCode: 1 } } }] } }',
    ],
    [
      'warning',
      '{ status: { phase: Running, containerStatuses: [{ name: a, restartCount: 2, state: { running: {} } }] } }',
    ],
    [
      'warning',
      '{ status: { phase: Pending, conditions: [{ type: PodScheduled, status: "False", reason: Unschedulable }] } }',
    ],
    [
      'progressing',
      '{ status: { phase: Pending, conditions: [{ type: PodScheduled, status: "False", reason: SchedulingGated }] } }',
    ],
    [
      'progressing',
      '{ status: { phase: Running, conditions: [{ type: Ready, status: "False", lastTransitionTime: "2026-11-22T10:00:00Z" }], containerStatuses: [{ name: a, state: { running: { startedAt: "2026-11-22T10:00:05Z" } } }] } }',
    ],
    [
      'warning',
      '{ status: { phase: Running, conditions: [{ type: Ready, status: "False", lastTransitionTime: "2026-11-22T10:09:00Z" }], containerStatuses: [{ name: a, state: { running: { startedAt: "2026-11-22T10:00:05Z" } } }] } }',
    ],
  ])('is %s for %s', (expected, text) => expect(of('Pod', text)).toBe(expected));
});

describe('health of a workload', () => {
  const progress = (status: string, reason: string) =>
    `conditions: [{ type: Progressing, status: "${status}", reason: ${reason} }]`;
  const deployment = (replicas: number, status: string) => `{ spec: { replicas: ${replicas} }, status: { ${status} } }`;
  it.each([
    ['ok', deployment(0, '')],
    ['progressing', deployment(0, 'replicas: 1')],
    ['ok', deployment(2, 'replicas: 2, availableReplicas: 2')],
    ['progressing', deployment(2, `replicas: 2, availableReplicas: 1, ${progress('True', 'ReplicaSetUpdated')}`)],
    ['warning', deployment(2, `replicas: 2, availableReplicas: 1, ${progress('True', 'NewReplicaSetAvailable')}`)],
    ['warning', deployment(2, `replicas: 2, availableReplicas: 1, ${progress('False', 'ProgressDeadlineExceeded')}`)],
    ['failed', deployment(2, `replicas: 2, ${progress('False', 'ProgressDeadlineExceeded')}`)],
    ['failed', deployment(2, 'conditions: [{ type: ReplicaFailure, status: "True" }]')],
    [
      'progressing',
      '{ metadata: { name: x, namespace: y, generation: 2 }, spec: { replicas: 1 }, status: { observedGeneration: 1, availableReplicas: 1 } }',
    ],
  ])('is %s for the Deployment %s', (expected, text) => expect(of('apps/v1 Deployment', text)).toBe(expected));

  it.each([
    ['ok', '{ status: { desiredNumberScheduled: 0 } }'],
    ['progressing', '{ status: { desiredNumberScheduled: 3, updatedNumberScheduled: 1, numberAvailable: 2 } }'],
    ['warning', '{ status: { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 } }'],
    ['failed', '{ status: { desiredNumberScheduled: 3, updatedNumberScheduled: 3 } }'],
  ])('is %s for the DaemonSet %s', (expected, text) => expect(of('apps/v1 DaemonSet', text)).toBe(expected));

  it.each([
    ['done', '{ status: { conditions: [{ type: Complete, status: "True" }] } }'],
    ['failed', '{ status: { failed: 3, conditions: [{ type: Failed, status: "True" }] } }'],
    ['warning', '{ status: { active: 1, failed: 1 } }'],
    ['progressing', '{ status: { active: 1 } }'],
    ['ok', '{ spec: { suspend: true } }'],
  ])('is %s for the Job %s', (expected, text) => expect(of('batch/v1 Job', text)).toBe(expected));
});

describe('health of others', () => {
  const conditions = (...pairs: string[]) =>
    `{ status: { conditions: [${pairs.map((pair) => `{ type: ${pair.split('=')[0]}, status: "${pair.split('=')[1]}" }`).join(', ')}] } }`;
  it.each([
    ['Node', 'ok', conditions('Ready=True', 'MemoryPressure=False')],
    ['Node', 'warning', conditions('MemoryPressure=True', 'Ready=True')],
    ['Node', 'failed', conditions('Ready=Unknown')],
    ['Node', 'unknown', '{}'],
    ['PersistentVolumeClaim', 'progressing', '{ status: { phase: Pending } }'],
    ['PersistentVolumeClaim', 'ok', '{ status: { phase: Bound } }'],
    ['PersistentVolumeClaim', 'failed', '{ status: { phase: Lost } }'],
    ['PersistentVolume', 'failed', '{ status: { phase: Failed } }'],
    ['Service', 'ok', '{ spec: { type: ClusterIP } }'],
    ['Service', 'progressing', '{ spec: { type: LoadBalancer } }'],
    ['Service', 'ok', '{ spec: { type: LoadBalancer }, status: { loadBalancer: { ingress: [{ ip: 10.0.0.1 }] } } }'],
    ['Namespace', 'ok', '{ status: { phase: Active } }'],
    [
      'Namespace',
      'warning',
      '{ status: { phase: Terminating, conditions: [{ type: NamespaceContentRemaining, status: "True" }] } }',
    ],
    ['ResourceQuota', 'warning', '{ status: { hard: { requests.cpu: "2" }, used: { requests.cpu: 2000m } } }'],
    ['ResourceQuota', 'ok', '{ status: { hard: { requests.cpu: "2", pods: "0" }, used: { requests.cpu: 1999m } } }'],
    [
      'autoscaling/v2 HorizontalPodAutoscaler',
      'warning',
      '{ status: { conditions: [{ type: ScalingActive, status: "False", reason: FailedGetResourceMetric }] } }',
    ],
    [
      'autoscaling/v2 HorizontalPodAutoscaler',
      'ok',
      '{ status: { conditions: [{ type: ScalingActive, status: "False", reason: ScalingDisabled }] } }',
    ],
    ['apiregistration.k8s.io/v1 APIService', 'failed', conditions('Available=False')],
    ['storage.k8s.io/v1 VolumeAttachment', 'failed', '{ status: { attached: false, attachError: { message: no } } }'],
    ['example.com/v1 Widget', 'ok', '{}'],
    ['example.com/v1 Widget', 'ok', conditions('Ready=True', 'Reconciling=False')],
    ['example.com/v1 Widget', 'warning', conditions('Ready=False', 'Synced=True')],
    ['example.com/v1 Widget', 'failed', conditions('Ready=False', 'Stalled=True')],
    ['example.com/v1 Widget', 'failed', conditions('Ready=True', 'Degraded=True')],
    ['example.com/v1 Widget', 'progressing', conditions('Ready=Unknown')],
    ['example.com/v1 Widget', 'progressing', conditions('Ready=False', 'Reconciling=True')],
    ['example.com/v1 Widget', 'failed', '{ status: { phase: Failed } }'],
    [
      'example.com/v1 Widget',
      'progressing',
      '{ metadata: { name: x, generation: 3 }, status: { observedGeneration: 2 } }',
    ],
  ])('of a %s is %s for %s', (kind, expected, text) => expect(of(kind, text)).toBe(expected));
});

describe('the shop at rest', () => {
  it('holds nothing that is not well', () => {
    const shop = createShop();
    shop.minutes(5);
    const { store, kinds } = shop.sandbox;
    const unwell = kinds
      .all()
      .filter(({ storedAs, kind }) => storedAs === undefined && kind !== 'Event')
      .flatMap(({ id, group, kind, storageVersion }) => {
        const apiVersion = group === '' ? storageVersion : `${group}/${storageVersion}`;
        return store.list(id).map(({ body }) => ({ ...(body.object() as KubeObject), apiVersion, kind }));
      })
      .map((object) => `${object.kind} ${healthOf(object)}`)
      .filter((line) => !line.endsWith(' ok') && !line.endsWith(' done'));
    // A Job may run just now.
    expect(new Set(unwell)).toEqual(new Set(unwell.filter((line) => line === 'Job progressing')));
  });
});
