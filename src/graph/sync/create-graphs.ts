/** One graph per cluster in use; those that nobody asks are let go. */
import type { Clock } from '../../kernel/clock.ts';
import type { SyncStatus } from '../access.ts';
import type { Graph } from '../types.ts';
import { createSync } from './create-sync.ts';
import { createMemoryBudget } from './memory-budget.ts';
import type { MemoryBudget, Sync, SyncPorts } from './types.ts';

/** What is put over a graph: app gives the monitor. */
export interface Stoppable {
  stop(): void;
}

export interface KeptGraph<Detection> {
  sync: Sync;
  detection: Detection;
}

export interface GraphPool<Detection> {
  /** The graph of `key` (a cluster as one identity), started; made where there is none. `keep`: it does not go for being idle. */
  use(key: object, make: (memory: MemoryBudget) => SyncPorts, options?: { keep?: boolean }): KeptGraph<Detection>;
  /** Without making one, and without counting as a use. */
  peek(key: object): KeptGraph<Detection> | undefined;
  /** Lets go of one now: its cluster is gone, or its identity another. */
  letGo(key: object): void;
  statuses(): readonly SyncStatus[];
  readonly memory: MemoryBudget;
  stop(): void;
}

export interface GraphPoolOptions<Detection> {
  clock: Clock;
  /** GRAPH_TTL, ms. */
  ttlMs: number;
  /** GRAPH_MEMORY_LIMIT, bytes. */
  memoryLimit: number;
  detection(graph: Graph, clock: Clock): Detection;
  /** For tests. */
  sync?: (ports: SyncPorts) => Sync;
}

interface Entry<Detection> extends KeptGraph<Detection> {
  key: object;
  keep: boolean;
  lastUse: number;
  cancelTimer: () => void;
}

/** A graph that was asked within this time is not given up for another one's sake, ms. */
const IN_USE_MS = 60_000;

export function createGraphPool<Detection extends Stoppable>(
  options: GraphPoolOptions<Detection>,
): GraphPool<Detection> {
  const { clock, ttlMs, sync: makeSync = createSync } = options;
  const entries = new Map<object, Entry<Detection>>();
  const memory = createMemoryBudget(options.memoryLimit, relieve);

  function relieve(graph: Graph): boolean {
    const idle = [...entries.values()]
      .filter(({ sync, keep, lastUse }) => sync.graph !== graph && !keep && clock.monotonic() - lastUse > IN_USE_MS)
      .sort((a, b) => a.lastUse - b.lastUse);
    const [oldest] = idle;
    if (oldest !== undefined) letGo(oldest);
    return oldest !== undefined;
  }

  function letGo(entry: Entry<Detection>): void {
    entry.cancelTimer();
    entries.delete(entry.key);
    entry.detection.stop();
    entry.sync.stop();
  }

  function watchIdle(entry: Entry<Detection>, ms: number): void {
    entry.cancelTimer = clock.after(ms, () => {
      const left = ttlMs - (clock.monotonic() - entry.lastUse);
      if (left > 0) watchIdle(entry, left);
      else letGo(entry);
    });
  }

  function open(key: object, ports: SyncPorts, keep: boolean): Entry<Detection> {
    const sync = makeSync(ports);
    // Ages and hold times are those of the cluster, whose clock may be another than ours.
    const detection = options.detection(sync.graph, { ...ports.clock, now: () => sync.now() });
    const entry: Entry<Detection> = { key, sync, detection, keep, lastUse: clock.monotonic(), cancelTimer: () => {} };
    entries.set(key, entry);
    if (!keep) watchIdle(entry, ttlMs);
    sync.start();
    return entry;
  }

  return {
    memory,
    use(key, make, { keep = false } = {}) {
      const entry = entries.get(key) ?? open(key, make(memory), keep);
      entry.lastUse = clock.monotonic();
      return entry;
    },
    peek: (key) => entries.get(key),
    letGo(key) {
      const entry = entries.get(key);
      if (entry !== undefined) letGo(entry);
    },
    statuses: () => [...entries.values()].map(({ sync }) => sync.status()),
    stop() {
      for (const entry of [...entries.values()]) letGo(entry);
    },
  };
}
