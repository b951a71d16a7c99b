/** How tools and pages come to a graph: what they ask for, and what they are told of what it covers. */
import type { GraphView, KindKey } from './types.ts';

/** What an answer rests on. Shown with every answer: `not synced` must never look like `none`. */
export interface Coverage {
  /** ms: no kind that the answer read is older. */
  asOf: number;
  /** `graph`: kept by list and watch. `live`: read for this question only. */
  source: 'graph' | 'live';
  /** Kinds known in full. */
  synced: readonly KindKey[];
  syncing: readonly { kind: KindKey; done: number; total: number | undefined }[];
  forbidden: readonly { kind: KindKey; reason: string }[];
  stale: readonly { kind: KindKey; since: number; reason: string }[];
  /** Served by the cluster and not in the graph: dropped for memory, too large, denied by the operator, or outside a live reading. */
  left: readonly { kind: KindKey; reason: string }[];
  /** Namespaces that alone are read; undefined: all. */
  namespaces: readonly string[] | undefined;
  /** There may be objects that the answer would be about and that nobody looked at: what it counts is the least. */
  partial?: true;
  /** A relist is being applied in slices. */
  catchingUp: boolean;
  /** Sentences for the reader: why live, what was cut, how to get more. */
  notes: readonly string[];
}

/** `objects`: all but Events, which come last and which most questions are not about. */
export type AskedKinds = readonly KindKey[] | 'all' | 'objects';

/** What a question needs in the graph before it can be answered. */
export interface GraphQuestion {
  /** What the answer rests on: waited for up to `waitMs`, then answered in part and said so. */
  kinds: AskedKinds;
  /** For a live reading: only around this. */
  focus?: {
    namespace?: string;
    objects?: readonly { kind: KindKey; namespace: string; name: string }[];
    depth?: number;
    /** Who uses the objects is asked for too, wherever that is. */
    users?: boolean;
  };
  waitMs?: number;
  signal: AbortSignal;
  progress(message: string): void;
}

/** A graph opened for one question. `detection` is what app puts over it (monitor/types.ts Monitor). */
export interface OpenGraph<Detection> {
  view: GraphView;
  detection: Detection;
  coverage(): Coverage;
  /** ms, on the cluster's clock: ages are taken against it. */
  now(): number;
}

export interface GraphAccess<Detection> {
  /**
   * Opens the graph for as long as `answer` takes; what was read for this question alone is let go with it.
   * Throws AppError where nothing at all can be read (unreachable, no credentials).
   */
  ask<Answer>(
    question: GraphQuestion,
    answer: (graph: OpenGraph<Detection>) => Answer | Promise<Answer>,
  ): Promise<Answer>;
}

/** For /intelligent/* and the start-up line (surface.md §4.3). Counts and states; no names of objects. */
export interface SyncStatus {
  mode: 'lazy' | 'true' | 'false';
  running: boolean;
  /** surface.md §4.7. */
  health: 'healthy' | 'degraded' | 'stale' | 'stopped';
  /** ms since the epoch; undefined before the first sync is complete. */
  lastFullSync: number | undefined;
  /** How long the first sync took, ms. */
  firstSyncMs: number | undefined;
  nodes: number;
  edges: number;
  memoryBytes: number;
  kinds: Readonly<Record<KindKey, { state: string; objects: number; failures: number }>>;
  activeWatches: number;
  counts: {
    lists: number;
    relists: number;
    /** Changes that came by watches and were taken in: none of hidden namespaces. */
    events: number;
    failures: number;
    driftRepaired: number;
    driftChecks: number;
  };
}
