import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { type Cluster, createCluster } from './cluster.ts';
import type { ClusterConnection } from './connection.ts';
import { type TrackedTransport, trackTransport } from './tracked-transport.ts';
import type { Transport } from './transport/types.ts';

/** Connected clusters by key, the least recently used and the idle ones let go. */
export interface ClusterPool {
  /** The cluster under `key`; opened anew where there is none or the one there has another fingerprint. */
  use(key: string, fingerprint: string, connect: () => ClusterConnection): Cluster;
  /** Closes every cluster at once; calls that still run are cut off. */
  close(): Promise<void>;
}

export interface ClusterPoolOptions {
  openTransport(connection: ClusterConnection): Transport;
  clock: Clock;
  /** Clusters kept connected; the least recently used one beyond it is let go. */
  capacity: number;
  /** A cluster unused for this long is let go, ms. */
  idleMs: number;
}

interface Entry {
  key: string;
  fingerprint: string;
  cluster: Cluster;
  tracked: TrackedTransport;
  lastUse: number;
  cancelTimer: () => void;
}

/** A call makes several requests: a cluster that was let go closes once it has been quiet for this long, ms. */
const QUIET_MS = 30_000;
/** Where more than `capacity` wait for that (many callers, one call each), this long is enough, ms: no tool pauses for it. */
const CROWDED_QUIET_MS = 2000;
/** And at the latest after this long, ms: longer than any call's deadline. */
const RETIRE_LIMIT_MS = 15 * 60_000;

export function createClusterPool({ openTransport, clock, capacity, idleMs }: ClusterPoolOptions): ClusterPool {
  // In order of use, the least recent first.
  const active = new Map<string, Entry>();
  const retired = new Set<Entry>();
  let closed = false;

  const open = (key: string, fingerprint: string, connection: ClusterConnection): Entry => {
    const tracked = trackTransport(openTransport(connection), clock);
    const cluster = createCluster(connection, tracked.transport, clock);
    const entry: Entry = { key, fingerprint, cluster, tracked, lastUse: clock.monotonic(), cancelTimer: () => {} };
    watchIdle(entry, idleMs);
    return entry;
  };

  const usedAgo = ({ tracked, lastUse }: Entry): number =>
    tracked.inFlight() > 0 ? 0 : clock.monotonic() - Math.max(lastUse, tracked.lastActive());

  const watchIdle = (entry: Entry, ms: number): void => {
    entry.cancelTimer = clock.after(ms, () => {
      const left = idleMs - usedAgo(entry);
      if (left > 0) return watchIdle(entry, left);
      active.delete(entry.key);
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
    if (retired.size > capacity) closeQuiet();
  };

  const closeQuiet = (): void => {
    for (const entry of retired) {
      if (retired.size <= capacity) return;
      if (usedAgo(entry) < CROWDED_QUIET_MS) continue;
      entry.cancelTimer();
      retired.delete(entry);
      letGo(entry);
    }
  };

  const touch = (entry: Entry): Cluster => {
    entry.lastUse = clock.monotonic();
    active.delete(entry.key);
    active.set(entry.key, entry);
    for (const [oldest, unused] of active) {
      if (active.size <= capacity) break;
      active.delete(oldest);
      retire(unused);
    }
    return entry.cluster;
  };

  return {
    use(key, fingerprint, connect) {
      if (closed) throw new AppError('cancelled', 'The server is shutting down.');
      const known = active.get(key);
      if (known?.fingerprint === fingerprint) return touch(known);
      const entry = open(key, fingerprint, connect());
      if (known) retire(known);
      return touch(entry);
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
