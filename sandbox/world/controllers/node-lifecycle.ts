/** Nodes that fall silent: marked unknown, tainted, their pods not ready. And what the conditions of a node keep from it. */

import { sameJson } from '../../json-value.ts';
import type { KubeObject } from '../../types.ts';
import { rfc3339 } from '../timestamps.ts';
import type { Controller, Machine } from '../types.ts';
import { conditionOf } from './kit/conditions.ts';
import { managed, ownKey } from './kit/keys.ts';
import type { Condition, Node, Pod, Taint } from './kit/shapes.ts';

/** kube-controller-manager's --node-monitor-grace-period. */
const GRACE_MS = 50_000;
/** --node-startup-grace-period: until a node that never said anything is given up. */
const STARTUP_GRACE_MS = 60_000;
const LEASES = 'leases.coordination.k8s.io';
const LEASE_NAMESPACE = 'kube-node-lease';

/** Which taint a condition brings, by its status. */
const TAINTS: readonly [type: string, status: string, key: string][] = [
  ['Ready', 'False', 'node.kubernetes.io/not-ready'],
  ['Ready', 'Unknown', 'node.kubernetes.io/unreachable'],
  ['MemoryPressure', 'True', 'node.kubernetes.io/memory-pressure'],
  ['DiskPressure', 'True', 'node.kubernetes.io/disk-pressure'],
  ['NetworkUnavailable', 'True', 'node.kubernetes.io/network-unavailable'],
  ['PIDPressure', 'True', 'node.kubernetes.io/pid-pressure'],
];
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';
const OURS = new Set([...TAINTS.map(([, , key]) => key), UNSCHEDULABLE]);
/** The ones of a kubelet, which is silent now; the network is somebody else's to judge. */
const OF_KUBELET = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

interface Health {
  uid: string | undefined;
  /** When it was last heard of, by our clock. */
  heardAt: number;
  heartbeat: string | undefined;
  renewed: unknown;
  ready: string | undefined;
}

interface Lease extends KubeObject {
  spec?: { renewTime?: string };
}

export function nodeLifecycleController(): Controller {
  const known = new Map<string, Health>();
  return {
    ...managed('node-controller'),
    watches: {
      nodes: ownKey,
      [LEASES]: ({ version }) => (version.namespace === LEASE_NAMESPACE ? [`/${version.name}`] : []),
    },
    reconcile(key, machine) {
      const name = key.slice(1);
      const node = machine.get<Node>('nodes', '', name);
      const health = known.get(name);
      if (node === undefined) {
        if (health === undefined) return undefined;
        known.delete(name);
        tell(machine, name, health.uid, 'RemovingNode', `Removing Node ${name} from Controller`);
        return undefined;
      }
      if (health === undefined || health.uid !== node.metadata.uid) {
        tell(machine, name, node.metadata.uid, 'RegisteredNode', `Registered Node ${name} in Controller`);
      }
      const now = listen(node, health, machine);
      known.set(name, now);
      return judge(node, now, machine);
    },
  };
}

const reference = (name: string, uid: string | undefined): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, ...(uid === undefined ? {} : { uid }) },
});

function tell(machine: Machine, name: string, uid: string | undefined, reason: string, text: string): void {
  machine.event(reference(name, uid), 'Normal', reason, `Node ${name} event: ${text}`);
}

function listen(node: Node, before: Health | undefined, machine: Machine): Health {
  const ready = conditionOf(node.status?.conditions, 'Ready');
  const renewed = machine.get<Lease>(LEASES, LEASE_NAMESPACE, node.metadata.name)?.spec?.renewTime;
  const same =
    before !== undefined &&
    before.uid === node.metadata.uid &&
    before.heartbeat === ready?.lastHeartbeatTime &&
    before.renewed === renewed;
  return {
    uid: node.metadata.uid,
    heardAt: same ? before.heardAt : machine.clock.now(),
    heartbeat: ready?.lastHeartbeatTime,
    renewed,
    ready: before?.ready,
  };
}

function judge(node: Node, health: Health, machine: Machine): number | undefined {
  const { name } = node.metadata;
  const silentAt = health.heardAt + (health.heartbeat === undefined ? STARTUP_GRACE_MS : GRACE_MS);
  const wait = silentAt - machine.clock.now();
  const current = wait < 0 ? (giveUp(node, machine) ?? node) : node;
  const ready = conditionOf(current.status?.conditions, 'Ready')?.status;
  if (health.ready === 'True' && ready !== 'True' && ready !== undefined) {
    const text = `Node ${name} status is now: NodeNotReady`;
    machine.event(reference(name, node.metadata.uid), 'Normal', 'NodeNotReady', text);
    markPods(name, machine);
  }
  health.ready = ready;
  taint(current, machine);
  // A node that is given up waits for its next word.
  return wait < 0 ? undefined : wait + 1;
}

function giveUp(node: Node, machine: Machine): Node | undefined {
  const now = rfc3339(machine.clock.now());
  return machine.modify<Node>(
    'nodes',
    '',
    node.metadata.name,
    (draft) => {
      const conditions = [...(draft.status?.conditions ?? [])];
      for (const type of OF_KUBELET) {
        const before = conditionOf(conditions, type);
        if (before === undefined) {
          conditions.push({
            type,
            status: 'Unknown',
            lastHeartbeatTime: node.metadata.creationTimestamp ?? now,
            lastTransitionTime: now,
            reason: 'NodeStatusNeverUpdated',
            message: 'Kubelet never posted node status.',
          });
        } else if (before.status !== 'Unknown') {
          before.status = 'Unknown';
          before.reason = 'NodeStatusUnknown';
          before.message = 'Kubelet stopped posting node status.';
          before.lastTransitionTime = now;
        }
      }
      draft.status = { ...draft.status, conditions };
    },
    'status',
  );
}

function markPods(node: string, machine: Machine): void {
  const now = rfc3339(machine.clock.now());
  for (const pod of machine.list<Pod>('pods')) {
    const ready = conditionOf(pod.status?.conditions, 'Ready');
    if (pod.spec.nodeName !== node || ready === undefined || ready.status === 'False') continue;
    machine.modify<Pod>(
      'pods',
      pod.metadata.namespace ?? '',
      pod.metadata.name,
      ({ status }) => {
        const condition = conditionOf(status?.conditions, 'Ready');
        if (condition === undefined) return false;
        condition.status = 'False';
        condition.lastTransitionTime = now;
        return true;
      },
      'status',
    );
    machine.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
  }
}

/** The taints that the node's conditions and its cordon ask for. */
function wantedTaints(node: Node): Taint[] {
  const conditions: readonly Condition[] = node.status?.conditions ?? [];
  const wanted: Taint[] = [];
  for (const [type, status, key] of TAINTS) {
    if (conditionOf(conditions, type)?.status !== status) continue;
    wanted.push({ key, effect: 'NoSchedule' });
    if (type === 'Ready') wanted.push({ key, effect: 'NoExecute' });
  }
  if (node.spec?.unschedulable === true) wanted.push({ key: UNSCHEDULABLE, effect: 'NoSchedule' });
  return wanted;
}

function taint(node: Node, machine: Machine): void {
  // A node that has said nothing yet keeps the taint it came with.
  if (conditionOf(node.status?.conditions, 'Ready') === undefined) return;
  const wanted = wantedTaints(node);
  const timeAdded = rfc3339(machine.clock.now());
  machine.modify<Node>('nodes', '', node.metadata.name, (draft) => {
    const before = draft.spec?.taints ?? [];
    const same = (a: Taint, b: Taint) => a.key === b.key && a.effect === b.effect;
    const kept = before.filter((one) => !OURS.has(one.key) || wanted.some((other) => same(one, other)));
    const added = wanted.filter((one) => !before.some((other) => same(one, other)));
    const taints = [...kept, ...added.map((one) => ({ ...one, timeAdded }))];
    if (sameJson(taints, before)) return false;
    draft.spec = { ...draft.spec, taints };
    if (taints.length === 0) delete draft.spec.taints;
    return true;
  });
}
