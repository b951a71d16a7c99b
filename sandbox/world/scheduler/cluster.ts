/** What the scheduler knows of the cluster, kept current by its watches: nodes, and which pods use what of them. */
import type { LogEvent } from '../../store/types.ts';
import { isTerminal, type KubeNode, keyOf, type Pod } from '../kubelet/pod-types.ts';
import { type Amounts, addTo, podRequests } from './requests.ts';

export interface PlacedPod {
  pod: Pod;
  requests: Amounts;
}

export interface NodeState {
  node: KubeNode;
  /** By `namespace/name`. */
  pods: Map<string, PlacedPod>;
  used: Amounts;
}

export interface Cluster {
  nodes: ReadonlyMap<string, NodeState>;
  /** Keys of pods without a node that this scheduler has to place. */
  waiting: ReadonlySet<string>;
  /** Pods that have preempted others and wait for their room. */
  nominated: ReadonlyMap<string, PlacedPod & { node: string }>;
  /** What the event may be to a pod that waits: room on a node, or company that its (anti-)affinity or spread looks at. */
  seePod(event: LogEvent): 'room' | 'company' | undefined;
  /** Whether the event may let a waiting pod be placed. */
  seeNode(event: LogEvent): boolean;
}

export const SCHEDULER_NAME = 'default-scheduler';

export function createCluster(): Cluster {
  const nodes = new Map<string, NodeState>();
  const placement = new Map<string, { node: string; placed: PlacedPod }>();
  /** Pods of nodes that are not there (yet). */
  const homeless = new Map<string, Map<string, PlacedPod>>();
  const waiting = new Set<string>();
  const nominated = new Map<string, PlacedPod & { node: string }>();

  function take(key: string): boolean {
    const before = placement.get(key);
    if (before === undefined) return false;
    placement.delete(key);
    homeless.get(before.node)?.delete(key);
    const state = nodes.get(before.node);
    if (state?.pods.delete(key) === true) addTo(state.used, before.placed.requests, -1);
    return true;
  }

  function place(key: string, name: string, placed: PlacedPod): void {
    placement.set(key, { node: name, placed });
    const state = nodes.get(name);
    if (state === undefined) {
      const others = homeless.get(name) ?? new Map<string, PlacedPod>();
      homeless.set(name, others.set(key, placed));
      return;
    }
    state.pods.set(key, placed);
    addTo(state.used, placed.requests);
  }

  return {
    nodes,
    waiting,
    nominated,
    seePod(event) {
      const pod = event.version.body.object() as Pod;
      const key = keyOf(pod);
      const had = take(key);
      waiting.delete(key);
      nominated.delete(key);
      if (event.type === 'DELETED' || isTerminal(pod)) return had ? 'room' : undefined;
      const { nodeName = '', schedulerName = SCHEDULER_NAME } = pod.spec;
      const placed = { pod, requests: podRequests(pod) };
      if (nodeName !== '') {
        place(key, nodeName, placed);
        // Its labels may be what another one's affinity waits for.
        if (!had) return 'company';
        const relabelled = event.type !== 'ADDED' && !sameLabels(event.previous.labels, event.version.labels);
        return relabelled ? 'company' : undefined;
      }
      if (schedulerName !== SCHEDULER_NAME) return undefined;
      waiting.add(key);
      const node = pod.status?.nominatedNodeName ?? '';
      if (node !== '') nominated.set(key, { ...placed, node });
      return undefined;
    },
    seeNode(event) {
      const node = event.version.body.object() as KubeNode;
      const { name } = node.metadata;
      const before = nodes.get(name);
      if (event.type === 'DELETED') {
        nodes.delete(name);
        if (before !== undefined) homeless.set(name, before.pods);
        return true;
      }
      if (before !== undefined) {
        const helps = mayHelp(before.node, node);
        before.node = node;
        return helps;
      }
      const state: NodeState = { node, pods: new Map(), used: {} };
      nodes.set(name, state);
      for (const [key, placed] of homeless.get(name) ?? []) {
        state.pods.set(key, placed);
        addTo(state.used, placed.requests);
      }
      homeless.delete(name);
      return true;
    },
  };
}

/** Heartbeats do not: only what filters look at counts. */
function mayHelp(before: KubeNode, now: KubeNode): boolean {
  const seen = ({ spec, status, metadata }: KubeNode) =>
    JSON.stringify([spec?.unschedulable, spec?.taints, metadata.labels, status?.allocatable]);
  return seen(before) !== seen(now);
}

const sameLabels = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
