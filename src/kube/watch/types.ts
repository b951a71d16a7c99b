/** LIST and WATCH of one kind as typed values: what the Reflector asks and what a wire answers. Bytes, JSON and protobuf are below it. */
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { ApiResource } from '../types.ts';

/** What is read: one kind, everywhere or in one namespace. */
export interface WatchTarget {
  resource: ApiResource;
  /** Absent: all namespaces, or a cluster-scoped kind. */
  namespace?: string;
  /** `metadata`: PartialObjectMetadata. */
  depth: 'object' | 'metadata';
  /** Paths that are read, without indexes (`spec.containers.image`), besides apiVersion, kind and all metadata but managedFields. A wire may leave out the rest. */
  fields: readonly string[];
}

export interface ListParameters {
  limit: number;
  continue?: string;
  /** With it `resourceVersionMatch=NotOlderThan`. */
  notOlderThan?: string;
}

export interface ListPage<T> {
  items: readonly T[];
  /** '' for APIs that cannot be watched. */
  resourceVersion: string;
  continue?: string;
  remaining?: number;
}

export interface WatchParameters {
  resourceVersion: string;
  timeoutSeconds: number;
  /** `sendInitialEvents=true`: the list comes as events. */
  initialEvents?: true;
}

export type WatchEvent<T> =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: T; resourceVersion: string }
  | { type: 'BOOKMARK'; resourceVersion: string; initialEventsEnd: boolean }
  | { type: 'ERROR'; code: number; reason: string; message: string; retryAfterSeconds?: number }
  /** A type that nobody knows. */
  | { type: 'UNKNOWN'; name: string };

/** Why a list or a watch failed. */
export type WireFailure =
  /** Nothing was reached, or the connection was lost. `cause` for people: refused, DNS, TLS, certificate… */
  | { kind: 'unreachable'; cause: 'refused' | 'dns' | 'tls' | 'timeout' | 'reset' | 'other'; message: string }
  | { kind: 'status'; code: number; reason: string; message: string; retryAfterSeconds?: number }
  /** A login page, a Table, a line that does not parse, bytes that do not unpack. */
  | { kind: 'malformed'; message: string }
  /** No bytes for longer than a healthy server is silent. */
  | { kind: 'silent'; message: string }
  /** The credentials could not be had. */
  | { kind: 'credentials'; message: string }
  | { kind: 'stopped' };

/** Thrown by every method of a wire; nothing else is. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly failure: WireFailure;
  constructor(failure: WireFailure) {
    super('message' in failure ? failure.message : failure.kind);
    this.failure = failure;
  }
}

/** `project` runs on each object at once, so that what is not kept is garbage before the next is read. */
export interface Wire {
  /** Server's Date minus ours, ms, from the last answer; 0 before the first. */
  clockOffset(): number;
  /** One page. Gives way to others every 8 ms of work. */
  list<T>(
    target: WatchTarget,
    parameters: ListParameters,
    project: (object: KubeObject) => T,
    signal: AbortSignal,
  ): Promise<ListPage<T>>;
  /**
   * Events as they come, in batches of what arrived together. Ends where the server ends it well; throws otherwise.
   * `onOpen` is called when the server has answered 200.
   */
  watch<T>(
    target: WatchTarget,
    parameters: WatchParameters,
    project: (object: KubeObject) => T,
    options: { signal: AbortSignal; onOpen(): void },
  ): AsyncIterable<readonly WatchEvent<T>[]>;
}
