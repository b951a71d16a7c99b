/** GRAPH_MEMORY_LIMIT, and what goes first where it is exceeded. */
import { splitKindKey } from '../kind-key.ts';
import type { Graph, KindKey } from '../types.ts';
import type { MemoryBudget } from './types.ts';

/** A budget over all graphs that register. `relieve`: see MemoryBudget. */
export function createMemoryBudget(limit: number, relieve?: (graph: Graph) => boolean): MemoryBudget {
  const graphs = new Set<Graph>();
  return {
    limit,
    used: () => [...graphs].reduce((sum, graph) => sum + graph.memory().total, 0),
    register(graph) {
      graphs.add(graph);
      return () => graphs.delete(graph);
    },
    largest: () => [...graphs].sort((a, b) => b.memory().total - a.memory().total)[0],
    ...(relieve === undefined ? {} : { relieve }),
  };
}

/** Dropping goes on until this part of the limit is left, so that it does not happen with each object that comes. */
export const RELIEVED = 0.9;

/**
 * The order in which kinds are dropped, the least useful first: events; metadata of ConfigMaps and Secrets; RBAC; custom resources; other
 * kinds of Kubernetes that few questions are about; service accounts, quotas and limits; autoscalers, budgets and network
 * policies; endpoints; jobs; storage; ways in; ReplicaSets; workloads; pods; nodes and namespaces last.
 */
const DROP_ORDER: readonly (readonly KindKey[])[] = [
  ['Event'],
  ['ConfigMap', 'Secret'],
  [
    'Role.rbac.authorization.k8s.io',
    'RoleBinding.rbac.authorization.k8s.io',
    'ClusterRole.rbac.authorization.k8s.io',
    'ClusterRoleBinding.rbac.authorization.k8s.io',
  ],
  [], // custom resources
  [], // other kinds of Kubernetes
  ['ServiceAccount', 'ResourceQuota', 'LimitRange'],
  ['HorizontalPodAutoscaler.autoscaling', 'PodDisruptionBudget.policy', 'NetworkPolicy.networking.k8s.io'],
  ['EndpointSlice.discovery.k8s.io', 'Endpoints'],
  ['Job.batch', 'CronJob.batch'],
  ['PersistentVolumeClaim', 'PersistentVolume', 'StorageClass.storage.k8s.io'],
  ['Service', 'Ingress.networking.k8s.io', 'Gateway.gateway.networking.k8s.io', 'HTTPRoute.gateway.networking.k8s.io'],
  ['ReplicaSet.apps', 'ReplicationController'],
  ['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps'],
  ['Pod'],
  ['Node', 'Namespace', 'CustomResourceDefinition.apiextensions.k8s.io', 'APIService.apiregistration.k8s.io'],
];
const POSITIONS = new Map(DROP_ORDER.flatMap((kinds, at) => kinds.map((kind) => [kind, at] as const)));
const CUSTOM = 3;
const BUILT_IN = 4;

/** Groups of Kubernetes itself have no dot, or end like this. */
const isBuiltIn = (group: string) => !group.includes('.') || group.endsWith('.k8s.io');

/** Lower is dropped earlier. */
export function usefulness(kind: KindKey): number {
  return POSITIONS.get(kind) ?? (isBuiltIn(splitKindKey(kind).group) ? BUILT_IN : CUSTOM);
}

/** Of `kinds`, the next to drop: the least useful, of equals the one that holds most. undefined where nothing is held. */
export function nextToDrop(kinds: readonly KindKey[], bytesOf: (kind: KindKey) => number): KindKey | undefined {
  const held = kinds.filter((kind) => kind === 'Event' || bytesOf(kind) > 0);
  held.sort((a, b) => usefulness(a) - usefulness(b) || bytesOf(b) - bytesOf(a) || (a < b ? -1 : 1));
  return held[0];
}
