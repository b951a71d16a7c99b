/** A Reflector keeps one kind (in one namespace or all) equal to what the server has, by list and watch. */
import type { Clock } from '../../kernel/clock.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { WatchTarget, Wire } from '../watch/types.ts';
import type { Revival } from './revival.ts';

/** What a Reflector tells of objects. `Item` is what the projection made of one; `keyOf` names it. */
export interface ReflectorSink<Item> {
  /** A list begins; what it will hold is not yet true. A list that is given up is followed by another `listBegins`. */
  listBegins(kind: 'first' | 'relist'): void;
  /** May return a promise: the next page waits for it. */
  listPage(items: readonly Item[], remaining: number | undefined): void | Promise<void>;
  /** All pages were given: what was in none of them is gone. */
  listEnds(resourceVersion: string): void | Promise<void>;
  /** In order, coalesced by nobody. May return a promise: the stream is read on after it. */
  events(batch: readonly { type: 'upsert' | 'delete'; item: Item }[]): void | Promise<void>;
  /** Every object of this Reflector is to go: the kind may no longer be read, or is no longer served, or the cluster is another one. */
  lost(why: 'forbidden' | 'not served' | 'other cluster'): void;
  state(state: ReflectorState): void;
}

export type ReflectorState =
  | { state: 'waiting'; why: 'not started' | 'turn' }
  | { state: 'listing'; first: boolean; items: number }
  | { state: 'watching'; resourceVersion: string; since: number }
  /** Between attempts. `failures` in a row; `degraded` from MAX_RETRY_COUNT on. What is known stays, and is stale since `since`. */
  | {
      state: 'retrying';
      next: 'list' | 'watch';
      failures: number;
      degraded: boolean;
      since: number;
      reason: string;
      at: number;
    }
  | { state: 'forbidden'; reason: string; recheckAt: number }
  | { state: 'unauthorized'; since: number; reason: string }
  /** Not watchable: read anew every so often (ms). */
  | { state: 'polling'; every: number; since: number }
  | { state: 'not served' }
  | { state: 'stopped' };

export interface ReflectorCounts {
  lists: number;
  relists: number;
  watches: number;
  events: number;
  bookmarks: number;
  failures: number;
  /** Lines or types that were not understood. */
  notUnderstood: number;
}

export interface Reflector {
  start(): void;
  /** In any state; nothing is told to the sink afterwards. */
  stop(): void;
  readonly state: ReflectorState;
  readonly counts: Readonly<ReflectorCounts>;
  /** Reads the whole list anew now: after a discovery change, or because drift was found. */
  relist(reason: string): void;
}

export interface ReflectorOptions<Item> {
  target: WatchTarget;
  wire: Wire;
  sink: ReflectorSink<Item>;
  project(object: KubeObject): Item;
  clock: Clock;
  /** 0 to 1. */
  random(): number;
  /** Seconds; each watch takes a random one in the upper half. WATCH_TIMEOUT, default 600. */
  watchTimeout: number;
  /** Failures in a row before it counts as degraded. MAX_RETRY_COUNT, default 3. */
  maxRetries: number;
  pageSize?: number;
  /** Big lists wait for their turn: at most four at a time per cluster. */
  turn?(signal: AbortSignal): Promise<() => void>;
  /** From 1.35 on the versions of one resource may be compared as whole numbers, but for those of aggregated APIs. Asked where it matters. */
  comparableVersions?(): boolean;
  /** Ask for the list as initial events of a watch, and fall back on a list where that does not work. Default false. */
  watchList?: boolean;
  /** Shared by all Reflectors of one server: the first that reaches it again wakes the others. */
  revival?: Revival;
  /** How often a kind that cannot be watched is read, ms. Default 60 s. */
  pollInterval?: number;
}
