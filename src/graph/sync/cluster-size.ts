/** About how many objects a cluster has, before anything is read of it: one object is asked for, and the server says how many remain. */
import type { DiscoverySnapshot } from '../../kube/types.ts';
import type { KindKey } from '../types.ts';
import { planKinds } from './plan.ts';
import type { ClusterReader, SyncScope } from './types.ts';

/** Those that make clusters large. */
const MANY: readonly KindKey[] = [
  'Pod',
  'ReplicaSet.apps',
  'ConfigMap',
  'Secret',
  'EndpointSlice.discovery.k8s.io',
  'Job.batch',
  'ServiceAccount',
  'Node',
];

/** At least this many; kinds that may not be listed, or whose number the server does not say, count as none. */
export async function clusterSize(reader: ClusterReader, scope: SyncScope, signal: AbortSignal): Promise<number> {
  // What a few namespaces hold is no large cluster.
  if (scope.allowedNamespaces !== undefined) return 0;
  const snapshot: DiscoverySnapshot = await reader.discovery(signal);
  const kinds = planKinds(snapshot, scope.denied).kinds.filter(({ kind }) => MANY.includes(kind));
  const sizes = await Promise.all(
    kinds.map(async ({ resource }) => {
      const page = await reader
        .list({ resource, depth: 'metadata', fields: [] }, { limit: 1 }, signal)
        .catch(() => undefined);
      return page?.total ?? 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
