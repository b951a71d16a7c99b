/** About how many objects a cluster has, before anything is read of it: one object is asked for, and the server says how many remain. */

import type { ClusterReader } from '../../kube/cluster-reader.ts';
import type { DiscoverySnapshot } from '../../kube/types.ts';
import type { KindKey } from '../types.ts';
import { namespacesOf } from './namespaces.ts';
import { planKinds } from './plan.ts';
import type { SyncScope } from './types.ts';

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

/** Of those, what a few namespaces may be large by. */
const MANY_IN_NAMESPACES: readonly KindKey[] = ['Pod', 'ReplicaSet.apps', 'ConfigMap', 'Secret'];
/** Requests at once. */
const AT_ONCE = 8;

/** At least this many; kinds that may not be listed, or whose number the server does not say, count as none. */
export async function clusterSize(reader: ClusterReader, scope: SyncScope, signal: AbortSignal): Promise<number> {
  const namespaces = namespacesOf(scope);
  const snapshot: DiscoverySnapshot = await reader.discovery(signal);
  const many = namespaces === undefined ? MANY : MANY_IN_NAMESPACES;
  const kinds = planKinds(snapshot, scope.denied).kinds.filter(({ kind }) => many.includes(kind));
  const places = kinds.flatMap(({ resource }) =>
    (namespaces ?? [undefined]).map((namespace) => ({
      resource,
      ...(namespace === undefined ? {} : { namespace }),
    })),
  );
  let sum = 0;
  const work = async () => {
    for (let place = places.shift(); place !== undefined; place = places.shift()) {
      const page = await reader
        .list({ ...place, depth: 'metadata', fields: [] }, { limit: 1 }, signal)
        .catch(() => undefined);
      sum += page?.total ?? 0;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return sum;
}
