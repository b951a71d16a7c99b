/** Which kinds are read, as which version, in which order. */
import type { ApiResource, DiscoverySnapshot } from '../../kube/types.ts';
import { kindKeyOf } from '../kind-key.ts';
import type { KindKey } from '../types.ts';

export interface PlannedKind {
  kind: KindKey;
  resource: ApiResource;
  /** Position in the start order: lower first. */
  rank: number;
}

export interface Plan {
  /** In start order. */
  kinds: readonly PlannedKind[];
  /** Served and listable, and not read. */
  left: readonly { kind: KindKey; reason: string }[];
}

/** What others refer to or what explains most comes first; a question can be answered in part long before the end. */
const START_ORDER: readonly (readonly KindKey[])[] = [
  ['Namespace'],
  ['Node'],
  ['CustomResourceDefinition.apiextensions.k8s.io', 'APIService.apiregistration.k8s.io'],
  [
    'Deployment.apps',
    'StatefulSet.apps',
    'DaemonSet.apps',
    'ReplicaSet.apps',
    'ReplicationController',
    'Job.batch',
    'CronJob.batch',
  ],
  ['Pod'],
  ['Service', 'EndpointSlice.discovery.k8s.io', 'Ingress.networking.k8s.io'],
  [
    'PersistentVolumeClaim',
    'PersistentVolume',
    'ConfigMap',
    'Secret',
    'ServiceAccount',
    'HorizontalPodAutoscaler.autoscaling',
    'PodDisruptionBudget.policy',
  ],
];
const RANKS = new Map(START_ORDER.flatMap((kinds, rank) => kinds.map((kind) => [kind, rank] as const)));
const REST = START_ORDER.length;
/** Told about objects; of no use before they are there. */
const EVENTS_RANK = REST + 1;

/** 5,000 nodes renew theirs every 10 s: 500 changes a second that say nothing. */
const LEFT_KINDS = new Map<KindKey, string>([
  ['Lease.coordination.k8s.io', 'renewed every few seconds, says nothing of what depends on what'],
]);
/** Measurements, computed for each request. */
const METRICS_GROUPS = new Set(['metrics.k8s.io', 'custom.metrics.k8s.io', 'external.metrics.k8s.io']);
/** The same objects under another name. */
const SAME_AS_OTHERS = new Set<KindKey>(['Event.events.k8s.io', 'Ingress.extensions', 'PodSecurityPolicy.extensions']);

export function rankOf(kind: KindKey): number {
  if (kind === 'Event') return EVENTS_RANK;
  return RANKS.get(kind) ?? REST;
}

/** One resource per group and kind: in the version its group prefers, else in the first that can be listed and watched. */
export function planKinds(snapshot: DiscoverySnapshot, denied: (resource: ApiResource) => string | undefined): Plan {
  const chosen = new Map<KindKey, ApiResource>();
  for (const resource of snapshot.resources) {
    if (!resource.verbs.includes('list') || METRICS_GROUPS.has(resource.group)) continue;
    const kind = kindKeyOf(resource.group, resource.kind);
    if (SAME_AS_OTHERS.has(kind)) continue;
    const known = chosen.get(kind);
    if (known === undefined || betterThan(resource, known)) chosen.set(kind, resource);
  }

  const kinds: PlannedKind[] = [];
  const left: { kind: KindKey; reason: string }[] = [];
  for (const [kind, resource] of chosen) {
    const reason =
      denied(resource) ?? LEFT_KINDS.get(kind) ?? (isWatchable(resource) ? undefined : 'cannot be watched');
    if (reason === undefined) kinds.push({ kind, resource, rank: rankOf(kind) });
    // Not an object of the cluster: nobody misses it.
    else if (kind !== 'ComponentStatus') left.push({ kind, reason });
  }
  kinds.sort((a, b) => a.rank - b.rank || (a.kind < b.kind ? -1 : 1));
  return { kinds, left };
}

const isWatchable = ({ verbs }: ApiResource) => verbs.includes('watch');

function betterThan(candidate: ApiResource, known: ApiResource): boolean {
  if (isWatchable(candidate) !== isWatchable(known)) return isWatchable(candidate);
  return candidate.preferred && !known.preferred;
}

/** The same objects under the same URL but for the version. */
export function samePlace(a: ApiResource, b: ApiResource): boolean {
  return a.resource === b.resource && a.namespaced === b.namespaced && a.group === b.group;
}

export function isServed(resource: ApiResource, snapshot: DiscoverySnapshot): boolean {
  return snapshot.resources.some(
    (served) => samePlace(served, resource) && served.version === resource.version && served.kind === resource.kind,
  );
}

/** Why nothing is known of a resource's group-version now; undefined where it answered. */
export function failureOf(resource: ApiResource, snapshot: DiscoverySnapshot): string | undefined {
  const prefix = resource.group === '' ? '' : `${resource.group}/`;
  const failure = snapshot.failures.find(
    ({ groupVersion }) =>
      groupVersion === `${prefix}${resource.version}` || (groupVersion === '/apis' && resource.group !== ''),
  );
  return failure?.reason;
}
