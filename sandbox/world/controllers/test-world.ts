/** A small cluster for tests of controllers: the real store and registry, a still clock, and a stand-in for nodes that just runs pods. */
import { createClock } from '../../clock.ts';
import { createKinds } from '../../kinds/create-kinds.ts';
import { createRegistry } from '../../registry/create-registry.ts';
import { STRATEGIES } from '../../registry/strategies/index.ts';
import { createStore } from '../../store/create-store.ts';
import type { KubeObject } from '../../types.ts';
import { createMachine } from '../create-machine.ts';
import { runControllers } from '../run-controllers.ts';
import { rfc3339 } from '../timestamps.ts';
import type { Controller } from '../types.ts';
import { controllers } from './index.ts';
import type { Pod } from './kit/shapes.ts';

export const START = Date.parse('2026-01-01T00:00:00Z');

interface TestWorldOptions {
  /** What the stand-in does with a new pod: `run` unless said. */
  fate?: (pod: Pod) => 'run' | 'wait' | 'succeed' | 'fail';
  usage?: (pod: Pod) => { cpuMilli: number; memoryBytes: number } | undefined;
}

/** Starts it with namespace `shop` and nodes `node-0` and `node-1`. */
export function createTestWorld(options: TestWorldOptions = {}) {
  const clock = createClock('still', START);
  const store = createStore({ freezes: true });
  const kinds = createKinds();
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const registry = createRegistry({ store, kinds, clock, random, strategies: STRATEGIES });
  const machineOf = (controller: Pick<Controller, 'name' | 'user' | 'fieldManager'>) =>
    createMachine({ store, registry, kinds, clock, random, controller });
  const user = machineOf({ name: 'test', user: 'admin', fieldManager: 'kubectl' });
  const failures: string[] = [];
  for (const name of ['default', 'kube-system', 'kube-node-lease', 'shop']) {
    user.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  for (const [i, name] of ['node-0', 'node-1'].entries()) {
    const labels = { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': i === 0 ? 'a' : 'b' };
    user.create('nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } });
    beat(name);
  }

  /** A heartbeat of a node. */
  function beat(name: string): void {
    const time = rfc3339(clock.now());
    user.modify(
      'nodes',
      '',
      name,
      (node) => {
        const ready = { type: 'Ready', status: 'True', lastHeartbeatTime: time, lastTransitionTime: rfc3339(START) };
        node['status'] = {
          conditions: [{ ...ready, reason: 'KubeletReady', message: 'kubelet is posting ready status' }],
        };
      },
      'status',
    );
    user.modify('nodes', '', name, (node) => {
      const spec = (node['spec'] ?? {}) as Record<string, unknown>;
      delete spec['taints'];
      node['spec'] = spec;
    });
  }

  let addresses = 1;
  const nodes: Controller = {
    name: 'nodes',
    user: 'system:node:node-0',
    fieldManager: 'kubelet',
    watches: { pods: ({ version }) => [`${version.namespace}/${version.name}`] },
    reconcile(key, machine) {
      const [namespace = '', name = ''] = key.split('/');
      const pod = machine.get<Pod>('pods', namespace, name);
      if (pod === undefined) return undefined;
      if (pod.metadata.deletionTimestamp !== undefined) {
        if (pod.status?.phase === 'Running' || pod.status?.phase === 'Pending') {
          machine.modify<Pod>(
            'pods',
            namespace,
            name,
            (draft) => {
              draft.status = { ...draft.status, phase: 'Failed' };
            },
            'status',
          );
        }
        machine.delete('pods', namespace, name, { gracePeriodSeconds: 0 });
        return undefined;
      }
      const fate = options.fate?.(pod) ?? 'run';
      if (pod.status?.phase !== 'Pending' || fate === 'wait') return undefined;
      if (!pod.spec.nodeName) machine.bind(namespace, name, `node-${addresses % 2}`);
      const ready = { type: 'Ready', status: fate === 'run' ? ('True' as const) : ('False' as const) };
      const conditions = [{ ...ready, lastTransitionTime: rfc3339(clock.now()) }];
      const phase = { run: 'Running', succeed: 'Succeeded', fail: 'Failed' }[fate];
      const podIP = `10.0.0.${addresses++}`;
      machine.modify<Pod>(
        'pods',
        namespace,
        name,
        (draft) => {
          draft.status = {
            ...draft.status,
            phase,
            conditions,
            podIP,
            podIPs: [{ ip: podIP }],
            startTime: rfc3339(clock.now()),
          };
        },
        'status',
      );
      return undefined;
    },
  };

  const all = controllers({
    kinds,
    rootCertificate: 'PEM',
    usage: options.usage ?? (() => undefined),
    provisioners: ['disk.sandbox'],
  });
  const stop = runControllers([...all, nodes], {
    store,
    clock,
    machineOf,
    onFailure: (controller, key, error) => failures.push(`${controller.name} ${key}: ${String(error)}`),
  });
  clock.advance(0);

  return {
    clock,
    store,
    registry,
    kinds,
    user,
    failures,
    stop,
    beat,
    /** Creates it and lets everything come to rest. */
    apply(resource: string, object: Partial<KubeObject> & { metadata: KubeObject['metadata'] }) {
      const served = kinds.byId(resource);
      if (served === undefined) throw new Error(`no resource ${resource}`);
      const apiVersion = served.group === '' ? served.storageVersion : `${served.group}/${served.storageVersion}`;
      const namespace = served.namespaced ? { namespace: 'shop' } : {};
      const created = user.create(resource, {
        apiVersion,
        kind: served.kind,
        ...object,
        metadata: { ...namespace, ...object.metadata },
      });
      clock.advance(0);
      return created;
    },
    /** Moves time on, with a heartbeat of both nodes every 10 s. */
    pass(ms: number) {
      for (let left = ms; left > 0; left -= 10_000) {
        clock.advance(Math.min(left, 10_000));
        beat('node-0');
        beat('node-1');
      }
      clock.advance(0);
    },
    events(name: string) {
      return user
        .list('events')
        .filter((event) => (event['involvedObject'] as { name: string }).name === name)
        .map((event) => `${String(event['type'])} ${String(event['reason'])} ${String(event['message'])}`);
    },
  };
}

export type TestWorld = ReturnType<typeof createTestWorld>;
