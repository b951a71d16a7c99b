import { type Clock, systemClock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { type Cluster, createCluster } from './cluster.ts';
import type { ClusterConnection } from './connection.ts';
import { type TrackedTransport, trackTransport } from './tracked-transport.ts';
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

interface Entry {
  cluster: Cluster;
  tracked: TrackedTransport;
  lastGet: number;
  cancelTimer: () => void;
}

/** A call makes several requests: a cluster that was let go closes once it has been quiet for this long, ms. */
const QUIET_MS = 30_000;
/** And at the latest after this long, ms: longer than any call's deadline. */
const RETIRE_LIMIT_MS = 15 * 60_000;

export function createClusters(
  store: { connect(context?: string): Promise<ClusterConnection> },
  { openTransport, clock = systemClock, capacity = 16, idleMs = 15 * 60_000 }: ClustersOptions,
): Clusters {
  // In order of use, the least recent first.
  const active = new Map<string, Entry>();
  const retired = new Set<Entry>();
  let closed = false;

  const open = (connection: ClusterConnection): Entry => {
    const tracked = trackTransport(openTransport(connection), clock);
    const cluster = createCluster(connection, tracked.transport, clock);
    const entry: Entry = { cluster, tracked, lastGet: clock.monotonic(), cancelTimer: () => {} };
    watchIdle(entry, idleMs);
    return entry;
  };

  const usedAgo = ({ tracked, lastGet }: Entry): number =>
    tracked.inFlight() > 0 ? 0 : clock.monotonic() - Math.max(lastGet, tracked.lastActive());

  const watchIdle = (entry: Entry, ms: number): void => {
    entry.cancelTimer = clock.after(ms, () => {
      const left = idleMs - usedAgo(entry);
      if (left > 0) return watchIdle(entry, left);
      active.delete(entry.cluster.connection.context);
      letGo(entry);
    });
  };

  /** Closes `entry` when the calls that hold it are over. Whoever asks from now on gets another. */
  const retire = (entry: Entry): void => {
    entry.cancelTimer();
    retired.add(entry);
    const since = clock.monotonic();
    const wait = (): void => {
      entry.cancelTimer = clock.after(QUIET_MS, () => {
        const late = clock.monotonic() - since >= RETIRE_LIMIT_MS;
        if (usedAgo(entry) < QUIET_MS && !late) return wait();
        retired.delete(entry);
        letGo(entry);
      });
    };
    wait();
  };

  const use = (key: string, entry: Entry): Cluster => {
    entry.lastGet = clock.monotonic();
    active.delete(key);
    active.set(key, entry);
    for (const [oldest, unused] of active) {
      if (active.size <= capacity) break;
      active.delete(oldest);
      retire(unused);
    }
    return entry.cluster;
  };

  return {
    async get(context) {
      const connection = await store.connect(context);
      if (closed) throw new AppError('cancelled', 'The server is shutting down.');
      const key = connection.context;
      const known = active.get(key);
      if (known?.cluster.connection.fingerprint === connection.fingerprint) return use(key, known);
      if (known) retire(known);
      return use(key, open(connection));
    },

    async close() {
      closed = true;
      const entries = [...active.values(), ...retired];
      active.clear();
      retired.clear();
      for (const entry of entries) entry.cancelTimer();
      await Promise.allSettled(entries.map((entry) => entry.cluster.close()));
    },
  };
}

/** Nobody waits for this close, and a connection that fails to close is gone all the same. */
function letGo({ cluster }: Entry): void {
  cluster.close().catch(() => {});
}
