/** The MVCC log: every write makes a new version of one object under one global resourceVersion. */
import type { KubeObject, ResourceId } from '../types.ts';

/**
 * The content of one version of an object, in the storage version of its resource. Never changes. Objects of a generated world
 * are stamped into shared templates and exist as bytes only, so ask for what you need: a list in JSON never needs `object()`.
 */
export interface Body {
  /** Parsed. Shared: never change it. */
  object(): KubeObject;
  /** UTF-8 JSON without `apiVersion` and `kind`: `{"metadata":...}`. */
  json(): Buffer;
  /** The protobuf message without its envelope, for a built-in kind; undefined where the kind has none. */
  protobuf(): Buffer | undefined;
  /**
   * For bodies that exist as bytes: the value of a field that selectors look at (`spec.nodeName`), '' when it is not set, and
   * undefined when it takes `object()` to know.
   */
  field?(path: string): string | undefined;
  /**
   * For bodies that are made when they are asked for: the same bytes in memory that the next body writes over. For whoever copies
   * them at once.
   */
  passing?(form: 'json' | 'protobuf'): Buffer | undefined;
  /** For the same: how many bytes that will be. */
  size?(form: 'json' | 'protobuf'): number | undefined;
  /** The same with another resourceVersion, where that is had for less than by a copy of `object()`. */
  restamp?(revision: number): Body;
}

export interface Version {
  resource: ResourceId;
  /** '' for cluster-scoped objects. */
  namespace: string;
  name: string;
  uid: string;
  /** The global resourceVersion of the write that made it. */
  revision: number;
  /** What label selectors look at; `{}` when there are none. */
  labels: Readonly<Record<string, string>>;
  body: Body;
}

export type LogEvent =
  | { type: 'ADDED'; version: Version }
  | { type: 'MODIFIED'; version: Version; previous: Version }
  /** `version` is the last state of the object with the revision of its deletion. */
  | { type: 'DELETED'; version: Version; previous: Version };

/** What a write stores: the store sets `metadata.resourceVersion`, and takes the object over as it is. */
export interface Write {
  resource: ResourceId;
  object: KubeObject;
}

export type Snapshot =
  /** Sorted by `namespace/name`, the order of etcd: `a-b/x` stands before `a/x`. */
  | { kind: 'ok'; revision: number; versions: readonly Version[] }
  | { kind: 'compacted'; oldest: number }
  | { kind: 'future'; current: number };

export type Subscription =
  | { kind: 'ok'; stop(): void }
  | { kind: 'compacted'; oldest: number }
  | { kind: 'future'; current: number };

export interface Store {
  /** The newest resourceVersion. */
  readonly revision: number;
  /** Reads before it answer `compacted`. */
  readonly compactedRevision: number;
  get(resource: ResourceId, namespace: string, name: string): Version | undefined;
  /** All that there is now; of one namespace when one is given ('' is not a namespace: leave it out). Sorted. */
  list(resource: ResourceId, namespace?: string): readonly Version[];
  count(resource: ResourceId, namespace?: string): number;
  /** The state at a past revision. */
  at(resource: ResourceId, namespace: string | undefined, revision: number): Snapshot;
  /** Adds or replaces. Returns the stored version; `metadata.uid` and all else are the caller's business. */
  put(write: Write): Version;
  /** Adds an object whose body is made elsewhere (generated worlds): `makeBody` gets its revision. */
  putBody(version: Omit<Version, 'revision' | 'body'>, makeBody: (revision: number) => Body): Version;
  /** Removes; `last` is the state that the DELETED event shows, its resourceVersion set by the store. */
  remove(resource: ResourceId, namespace: string, name: string, last?: KubeObject): Version | undefined;
  /** Events after `revision`, first the past ones, at once, then live ones, synchronously with their write. Must not throw. */
  subscribe(
    scope: { resource: ResourceId; namespace?: string },
    afterRevision: number,
    onEvent: (event: LogEvent) => void,
  ): Subscription;
  /** Forgets history up to and including `revision` (the current one by default), as etcd's compaction does. */
  compact(revision?: number): void;
}
