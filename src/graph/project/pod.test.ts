import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { PodFacts } from '../facts.ts';
import { createIntern } from '../intern.ts';
import { SizeMeter } from '../store/size-meter.ts';
import { resourceOf } from '../testing.ts';
import { createProjector } from './projector.ts';

function podObject(name: string, second: number, image = 'cart:1'): KubeObject {
  const at = `2026-11-22T10:00:0${second}Z`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', uid: name, labels: { app: 'cart', 'pod-template-hash': '5d' } },
    spec: {
      nodeName: `node-${second}`,
      initContainers: [{ name: 'prepare', image: 'busybox' }],
      containers: [
        {
          name: 'cart',
          image,
          ports: [{ name: 'http', containerPort: 8080 }],
          resources: { requests: { cpu: '250m', memory: '64Mi' } },
          readinessProbe: { httpGet: { port: 'http' } },
        },
      ],
    },
    status: {
      phase: 'Running',
      startTime: at,
      conditions: ['Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
        type,
        status: 'True',
        lastTransitionTime: at,
      })),
      initContainerStatuses: [
        {
          name: 'prepare',
          ready: true,
          restartCount: 0,
          state: { terminated: { exitCode: 0, reason: 'Completed', finishedAt: at } },
        },
      ],
      containerStatuses: [
        { name: 'cart', ready: true, started: true, restartCount: 0, state: { running: { startedAt: at } } },
      ],
    },
  };
}

const projector = createProjector(createIntern(), []);
const facts = (object: KubeObject) => projector.project(object, resourceOf(object)).facts as PodFacts;

describe('facts of pods', () => {
  it('shares everything but the pod itself among healthy pods of one template', () => {
    const first = projector.project(podObject('a', 1), resourceOf(podObject('a', 1)));
    const second = projector.project(podObject('b', 2), resourceOf(podObject('b', 2)));
    expect(second.labels).toBe(first.labels);
    const [one, other] = [first.facts as PodFacts, second.facts as PodFacts];
    const meter = new SizeMeter();
    meter.bytes([one, other.node]);
    expect(meter.bytes(other)).toBe(56);
    expect(other.template).toBe(one.template);
    expect(other.containers).toBe(one.containers);
    expect(other.conditions).toBe(one.conditions);
    expect([one.node, other.node, other.readySince - one.readySince]).toEqual(['node-1', 'node-2', 1_000]);
  });

  it('says of a pod what it says itself, not what a sibling does', () => {
    const failed = podObject('b', 2);
    Object.assign(failed['status'] as object, { phase: 'Failed', reason: 'Evicted', qosClass: 'Burstable' });
    const shared = ['phase', 'reason', 'qos', 'ready', 'started', 'readySince'] as const;
    const said = [podObject('a', 1), failed, podObject('c', 3)].map((object) => {
      const one = facts(object);
      return shared.map((field) => one[field]);
    });
    const at = Date.parse('2026-11-22T10:00:00Z');
    expect(said).toEqual([
      ['Running', '', '', true, at + 1_000, at + 1_000],
      ['Failed', 'Evicted', 'Burstable', true, at + 2_000, at + 2_000],
      ['Running', '', '', true, at + 3_000, at + 3_000],
    ]);
  });

  it('knows templates apart that differ in an image alone', () => {
    expect(facts(podObject('c', 1, 'cart:2')).template.containers[1]?.image).toBe('cart:2');
    expect(facts(podObject('d', 1)).template.containers[1]?.image).toBe('cart:1');
  });

  it('reads requests, ports and probes of the template', () => {
    expect(facts(podObject('e', 1)).template.containers[1]).toEqual({
      name: 'cart',
      role: 'main',
      image: 'cart:1',
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      requests: { cpu: 0.25, memory: 67_108_864 },
      limits: { cpu: 0, memory: 0 },
      readiness: { kind: 'http', port: 'http' },
      liveness: undefined,
      startup: undefined,
    });
  });

  it('says how a container ended before, and since when it waits or runs again', () => {
    const pod = podObject('f', 1);
    (pod['status'] as Record<string, unknown>)['containerStatuses'] = [
      {
        name: 'cart',
        ready: false,
        restartCount: 4,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
        lastState: { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: '2026-11-22T10:01:00Z' } },
      },
    ];
    const { restarts, containers } = facts(pod);
    expect(restarts).toBe(4);
    expect(containers[1]).toMatchObject({
      state: 'waiting',
      reason: 'CrashLoopBackOff',
      last: { reason: 'OOMKilled', exitCode: 137, at: Date.parse('2026-11-22T10:01:00Z') },
    });
  });
});
