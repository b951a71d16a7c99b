/** Which kinds a live reading lists, in the order of their use. */
import type { AskedKinds } from '../access.ts';
import { splitKindKey } from '../kind-key.ts';
import type { KindKey } from '../types.ts';
import type { Plan, PlannedKind } from './plan.ts';
import { isAmong } from './ready.ts';

/** Most of what explains an application. */
const IN_NAMESPACES: readonly KindKey[] = [
  'Pod',
  'Service',
  'EndpointSlice.discovery.k8s.io',
  'Deployment.apps',
  'ReplicaSet.apps',
  'StatefulSet.apps',
  'DaemonSet.apps',
  'Ingress.networking.k8s.io',
  'Job.batch',
  'CronJob.batch',
  'PersistentVolumeClaim',
  'ConfigMap',
  'Secret',
  'ServiceAccount',
  'HorizontalPodAutoscaler.autoscaling',
  'PodDisruptionBudget.policy',
  'NetworkPolicy.networking.k8s.io',
  'ResourceQuota',
  'LimitRange',
  'RoleBinding.rbac.authorization.k8s.io',
  'Role.rbac.authorization.k8s.io',
  'HTTPRoute.gateway.networking.k8s.io',
  'Gateway.gateway.networking.k8s.io',
  'Event',
];
const OF_THE_CLUSTER: readonly KindKey[] = [
  'Namespace',
  'Node',
  'Pod',
  'Deployment.apps',
  'StatefulSet.apps',
  'DaemonSet.apps',
  'Service',
  'PersistentVolumeClaim',
  'Job.batch',
  'CronJob.batch',
  'Ingress.networking.k8s.io',
  'HorizontalPodAutoscaler.autoscaling',
  'PersistentVolume',
  'StorageClass.storage.k8s.io',
  'ReplicaSet.apps',
  'EndpointSlice.discovery.k8s.io',
  'PodDisruptionBudget.policy',
];
/** Lists of one namespace; the rest of the requests is for what the objects name. */
const MOST_LISTS = 40;

/** Those asked for first. */
export function clusterKinds(plan: Plan, asked: AskedKinds): readonly PlannedKind[] {
  return pick(plan, typeof asked === 'string' ? OF_THE_CLUSTER : asked);
}

/** In the namespace of the focus: those asked for, those that most is about, kinds of its own API groups, and the others. */
export function kindsAround(
  plan: Plan,
  asked: AskedKinds,
  objects: readonly { kind: KindKey }[],
): readonly PlannedKind[] {
  const groups = new Set(objects.map(({ kind }) => splitKindKey(kind).group));
  groups.delete('');
  const related = plan.kinds.filter(({ kind }) => groups.has(splitKindKey(kind).group)).map(({ kind }) => kind);
  const named = typeof asked === 'string' ? [] : asked;
  const usual = asked === 'objects' ? IN_NAMESPACES.filter(isAmong(asked)) : IN_NAMESPACES;
  const rest = plan.kinds.map(({ kind }) => kind).filter(isAmong(asked));
  const inNamespaces = plan.kinds.filter(({ resource }) => resource.namespaced);
  const wanted = [...objects.map(({ kind }) => kind), ...named, ...usual, ...related, ...rest];
  return pick({ ...plan, kinds: inNamespaces }, wanted);
}

/** Those that mostly use others first. */
export function kindsElsewhere({ kinds }: Plan, asked: AskedKinds): readonly PlannedKind[] {
  const usual = [...IN_NAMESPACES, ...OF_THE_CLUSTER];
  const place = (kind: KindKey) => (usual.includes(kind) ? usual.indexOf(kind) : usual.length);
  return kinds.filter(({ kind }) => isAmong(asked)(kind)).toSorted((a, b) => place(a.kind) - place(b.kind));
}

function pick({ kinds }: Plan, wanted: readonly KindKey[]): PlannedKind[] {
  const byKind = new Map(kinds.map((planned) => [planned.kind, planned]));
  return [...new Set(wanted)].flatMap((kind) => byKind.get(kind) ?? []).slice(0, MOST_LISTS);
}
