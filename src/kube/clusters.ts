import { type Clock, systemClock } from '../kernel/clock.ts';
import type { Cluster } from './cluster.ts';
import { createClusterPool } from './cluster-pool.ts';
import type { ClusterConnection } from './connection.ts';
import type { Transport } from './transport/types.ts';

/** The clusters of a kubeconfig, each connected at its first use. */
export interface Clusters {
  /** The cluster of a context; of the current one when none is named. Throws what the store throws. */
  get(context?: string): Promise<Cluster>;
  /** Closes every cluster at once; calls that still run are cut off. */
  close(): Promise<void>;
}

export interface ClustersOptions {
  openTransport(connection: ClusterConnection): Transport;
  clock?: Clock;
  /** Clusters kept connected; the least recently used one beyond it is let go. Default 16. */
  capacity?: number;
  /** A cluster unused for this long is let go, ms. Default 15 minutes. */
  idleMs?: number;
}

export function createClusters(
  store: { connect(context?: string): Promise<ClusterConnection> },
  { openTransport, clock = systemClock, capacity = 16, idleMs = 15 * 60_000 }: ClustersOptions,
): Clusters {
  const pool = createClusterPool({ openTransport, clock, capacity, idleMs });
  return {
    async get(context) {
      const connection = await store.connect(context);
      return pool.use(connection.context, connection.fingerprint, () => connection);
    },
    close: () => pool.close(),
  };
}
