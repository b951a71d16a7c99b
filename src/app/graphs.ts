import type { GraphAccess } from '../graph/access.ts';
import { AppError } from '../kernel/errors.ts';
import type { Cluster } from '../kube/cluster.ts';
import type { Monitor } from '../monitor/types.ts';

/** The graphs of the clusters in use. */
export interface Graphs {
  of(cluster: Cluster, options: { callers: boolean }): GraphAccess<Monitor>;
}

export function createGraphs(): Graphs {
  return {
    of: () => ({
      open: () => Promise.reject(new AppError('unsupported', 'The graph is not wired yet.')),
    }),
  };
}
