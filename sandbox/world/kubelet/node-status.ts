/** What keeps a node alive: its lease every ten seconds, its status every five minutes, and its conditions when they change. */
import type { KubeObject } from '../../types.ts';
import { rfc3339, rfc3339Micro } from '../timestamps.ts';
import type { Controller, Machine } from '../types.ts';
import { KUBELET_ANNOTATION, PRESSURE_ANNOTATION } from './annotations.ts';
import { nextVictim, pressures } from './node-pressure.ts';
import { type Condition, type KubeNode, keyOf, type Pod } from './pod-types.ts';
import type { PodRun } from './run-types.ts';

const LEASE_MS = 10_000;
const STATUS_MS = 300_000;
/** One pod at a time is evicted, then the kubelet looks whether that was enough. */
const EVICTION_MS = 10_000;
const LEASE_SECONDS = 40;
const LEASES = 'leases.coordination.k8s.io';
const LEASE_NAMESPACE = 'kube-node-lease';

interface Parts {
  user: string;
  evict(pod: Pod, message: string, machine: Machine): void;
  runs(): ReadonlyMap<string, PodRun>;
}

export function createNodeStatus({ user, evict, runs }: Parts): Controller {
  const told = new Map<string, number>();
  const evicted = new Map<string, number>();
  return {
    name: 'kubelet',
    user,
    fieldManager: 'kubelet',
    watches: {
      nodes(event) {
        if (event.type === 'DELETED') {
          told.delete(event.version.name);
          return [];
        }
        if (event.type === 'ADDED') return [event.version.name];
        const seen = (object: KubeObject) =>
          [KUBELET_ANNOTATION, PRESSURE_ANNOTATION].map((key) => object.metadata.annotations?.[key]).join();
        return seen(event.previous.body.object()) === seen(event.version.body.object()) ? [] : [event.version.name];
      },
    },
    reconcile(name, machine) {
      const node = machine.get<KubeNode>('nodes', '', name);
      if (node === undefined || node.metadata.annotations?.[KUBELET_ANNOTATION] === 'stopped') return undefined;
      const now = machine.clock.now();
      renew(node, machine);
      const wanted = conditionsOf(node, now);
      const due = now - (told.get(name) ?? -Infinity) >= STATUS_MS;
      if (due || changed(node.status?.conditions ?? [], wanted)) {
        told.set(name, now);
        report(node, wanted, machine);
      }
      for (const pressure of pressures(node)) {
        if (now - (evicted.get(name) ?? -Infinity) < EVICTION_MS) break;
        evicted.set(name, now);
        const pods = machine.list<Pod>('pods').filter(({ spec }) => spec.nodeName === name);
        const victim = nextVictim(pods, (pod) => runs().get(keyOf(pod)), pressure, now);
        if (victim !== undefined) evict(victim.pod, victim.message, machine);
      }
      return LEASE_MS;
    },
  };
}

function renew(node: KubeNode, machine: Machine): void {
  const { name, uid } = node.metadata;
  const renewTime = rfc3339Micro(machine.clock.now());
  const spec = { holderIdentity: name, leaseDurationSeconds: LEASE_SECONDS, renewTime };
  const found = machine.modify(LEASES, LEASE_NAMESPACE, name, (draft) => {
    draft['spec'] = spec;
  });
  if (found !== undefined || machine.get('namespaces', '', LEASE_NAMESPACE) === undefined) return;
  machine.create(LEASES, {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name,
      namespace: LEASE_NAMESPACE,
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid: uid ?? '' }],
    },
    spec,
  });
}

type Wanted = Required<Pick<Condition, 'type' | 'status' | 'reason' | 'message'>>;

function conditionsOf(node: KubeNode, now: number): (Wanted & { lastHeartbeatTime: string })[] {
  const under = pressures(node);
  const make = (type: string, status: boolean, reason: string, message: string) => ({
    type,
    status: status ? 'True' : 'False',
    lastHeartbeatTime: rfc3339(now),
    reason,
    message,
  });
  return [
    under.includes('memory')
      ? make('MemoryPressure', true, 'KubeletHasInsufficientMemory', 'kubelet has insufficient memory available')
      : make('MemoryPressure', false, 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
    under.includes('disk')
      ? make('DiskPressure', true, 'KubeletHasDiskPressure', 'kubelet has disk pressure')
      : make('DiskPressure', false, 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
    under.includes('pid')
      ? make('PIDPressure', true, 'KubeletHasInsufficientPID', 'kubelet has insufficient PID available')
      : make('PIDPressure', false, 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
    make('Ready', true, 'KubeletReady', 'kubelet is posting ready status'),
  ];
}

const changed = (before: readonly Condition[], wanted: readonly Wanted[]) =>
  wanted.some(({ type, status }) => before.find((condition) => condition.type === type)?.status !== status);

/** The event that goes with a condition's change, by its type and new status. */
const EVENTS: Readonly<Record<string, string>> = {
  MemoryPressureTrue: 'NodeHasInsufficientMemory',
  MemoryPressureFalse: 'NodeHasSufficientMemory',
  DiskPressureTrue: 'NodeHasDiskPressure',
  DiskPressureFalse: 'NodeHasNoDiskPressure',
  PIDPressureTrue: 'NodeHasInsufficientPID',
  PIDPressureFalse: 'NodeHasSufficientPID',
  ReadyTrue: 'NodeReady',
};

function report(node: KubeNode, wanted: readonly (Wanted & { lastHeartbeatTime: string })[], machine: Machine): void {
  const { name } = node.metadata;
  const before = node.status?.conditions ?? [];
  const conditions = wanted.map((condition) => {
    const old = before.find(({ type }) => type === condition.type);
    const same = old?.status === condition.status && typeof old.lastTransitionTime === 'string';
    return { ...condition, lastTransitionTime: same ? (old.lastTransitionTime ?? null) : condition.lastHeartbeatTime };
  });
  const others = before.filter(({ type }) => !wanted.some((condition) => condition.type === type));
  machine.modify<KubeNode>(
    'nodes',
    '',
    name,
    (draft) => {
      draft.status = { ...draft.status, conditions: [...others, ...conditions] };
    },
    'status',
  );
  for (const { type, status } of wanted) {
    const old = before.find((condition) => condition.type === type);
    const event = EVENTS[`${type}${status}`];
    if (old?.status !== status && event !== undefined)
      machine.event(node, 'Normal', event, `Node ${name} status is now: ${event}`, { host: name });
  }
}
