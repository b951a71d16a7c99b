/** The reading half of the API beneath HTTP: what a list or a watch is asked for, and what it answers. */
import type { LogEvent, Version } from '../store/types.ts';
import type { ResourceInfo } from '../types.ts';

/** The query of a LIST as sent; '' and absence are the same. Checked by the lister, which throws `ApiFailure`. */
export interface ListQuery {
  labelSelector?: string;
  fieldSelector?: string;
  limit?: string;
  continue?: string;
  resourceVersion?: string;
  resourceVersionMatch?: string;
  /** Ends a watch; of a list only its form is checked. */
  timeoutSeconds?: string;
  /** For watches; a list that asks for it is refused. */
  sendInitialEvents?: string;
}

export interface WatchQuery extends ListQuery {
  allowWatchBookmarks?: boolean;
}

/** What a list or watch is about. */
export interface Scope {
  resource: ResourceInfo;
  /** The served version of the path; fields of selectors are those of the kind. */
  version: string;
  namespace?: string;
}

export interface ListAnswer {
  resourceVersion: string;
  continue?: string;
  remainingItemCount?: number;
  versions: readonly Version[];
}

/** What a watch sends, in the store's terms; the server encodes it. */
export type WatchFrame =
  | { type: LogEvent['type']; version: Version }
  | { type: 'BOOKMARK'; resourceVersion: string; initialEventsEnd: boolean }
  /** The last frame: the watch ends after it. */
  | { type: 'ERROR'; status: Status };

/** Where a watch's frames go. */
export interface WatchSink {
  /** False when the receiver's buffer is full: the watch counts it, and ends a receiver that stays slow. */
  send(frame: WatchFrame): boolean;
  end(): void;
  /**
   * Calls back once when a receiver that answered false takes frames again. With it the watch holds its frames back meanwhile
   * (as references; those of the initial state are not even made yet); without it they are sent on into the receiver's buffer.
   */
  whenWritable?(resume: () => void): void;
}

export interface Reader {
  list(scope: Scope, query: ListQuery): ListAnswer;
  /** Starts at once or throws `ApiFailure`; returns how to stop. */
  watch(scope: Scope, query: WatchQuery, sink: WatchSink): () => void;
}

export interface StatusCause {
  reason: string;
  message: string;
  field?: string;
}

/** meta/v1 Status, the body of every failure. */
export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  /** `continue`: the token of a 410 with which a list that expired can be gone on with, inconsistently. */
  metadata: { continue?: string };
  status: 'Failure' | 'Success';
  message?: string;
  reason?: string;
  details?: {
    name?: string;
    group?: string;
    kind?: string;
    uid?: string;
    causes?: readonly StatusCause[];
    retryAfterSeconds?: number;
  };
  code?: number;
}
