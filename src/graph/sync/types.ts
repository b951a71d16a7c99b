/** Ports of sync/: what it needs of kube, given by app, so that it can be tested without a server. */
import type { Clock } from '../../kernel/clock.ts';
import type { AppError } from '../../kernel/errors.ts';
import type { ClusterReader } from '../../kube/cluster-reader.ts';
import type { Reflector, ReflectorOptions } from '../../kube/reflector/types.ts';
import type { ApiResource } from '../../kube/types.ts';
import type { AskedKinds, SyncStatus } from '../access.ts';
import type { Graph, KindKey } from '../types.ts';

/** kube's Reflector over the cluster's wire, with clock and randomness filled in. `comparableVersions` counts where the server's release allows it. */
export type ReflectorFactory = <Item>(
  options: Pick<ReflectorOptions<Item>, 'target' | 'sink' | 'project' | 'turn' | 'comparableVersions'>,
) => Reflector;

/** Which kinds and namespaces policy leaves, fixed at start. */
export interface SyncScope {
  /** undefined: all. */
  allowedNamespaces: readonly string[] | undefined;
  forbiddenNamespaces: ReadonlySet<string>;
  /** The context's own namespace: tried where nothing may be listed cluster-wide. */
  homeNamespace?: string;
  /** Why a kind is not to be read; undefined where it may be. */
  denied(resource: ApiResource): string | undefined;
}

export interface SyncSettings {
  mode: SyncStatus['mode'];
  watchTimeout: number;
  maxRetries: number;
  /** Seconds between two drift checks of a kind; 0: none. */
  syncInterval: number;
  /** Bytes over all graphs; shared by those who use it. */
  memory: MemoryBudget;
  /** Above this many objects a lazy graph answers by live reading and offers the switch. */
  lazyLimit: number;
}

/** GRAPH_MEMORY_LIMIT over all graphs of the process. */
export interface MemoryBudget {
  readonly limit: number;
  /** Bytes held by all graphs. */
  used(): number;
  register(graph: Graph): () => void;
  /** Lets go of a whole graph that nobody has asked lately, other than `graph`. False where there is none. */
  relieve?(graph: Graph): boolean;
  /** The one that holds most: it gives way first. */
  largest?(): Graph | undefined;
}

/** One cluster's graph, kept up to date. */
export interface Sync {
  readonly graph: Graph;
  /** Idempotent. */
  start(): void;
  /** Resolves when `kinds` are synced, forbidden, not served or failing for 30 s; or after `waitMs`. */
  ready(
    kinds: AskedKinds,
    options: { waitMs: number; signal: AbortSignal; progress(message: string): void },
  ): Promise<void>;
  status(): SyncStatus;
  /** For coverage. */
  problems(): readonly AppError[];
  catchingUp(): boolean;
  /** Those it reads or tried to read; known once discovery has answered. */
  kinds(): readonly KindKey[];
  /** Served by the cluster and not read: denied, not watchable, dropped for memory. */
  left(): readonly { kind: KindKey; reason: string }[];
  /** The namespaces that alone are read; undefined: all. */
  namespaces(): readonly string[] | undefined;
  /** Sentences for the reader: namespaces that were left out, what was dropped. */
  notes(): readonly string[];
  /** ms, on the cluster's clock. */
  now(): number;
  /** A time of our clock on the cluster's. */
  onClusterClock(ms: number): number;
  /** ms, on the cluster's clock: up to then the kind is known. It is no longer kept up to date since, or the server has been silent. */
  knownAt(kind: KindKey): number;
  scope: SyncScope;
  stop(): void;
}

export interface SyncPorts {
  reflectors: ReflectorFactory;
  reader: ClusterReader;
  clock: Clock;
  random(): number;
  scope: SyncScope;
  settings: SyncSettings;
}
