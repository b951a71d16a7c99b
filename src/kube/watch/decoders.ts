/** What reads the bytes of an answer: one for each encoding. */
import type { KubeObject } from '../../kernel/vocabulary.ts';

/** A list without its items. */
export interface ListEnvelope {
  /** '' where the answer does not say. */
  kind: string;
  resourceVersion: string;
  continue: string;
  remaining: number | undefined;
}

export interface ListDecoder {
  /** The items that are complete with `chunk`. Throws Malformed. */
  push(chunk: Uint8Array): Iterable<KubeObject>;
  /** After the last chunk. Throws Malformed or CutOff. */
  end(): ListEnvelope;
}

/** `object` is a Status where `type` is ERROR. */
export interface RawEvent {
  type: string;
  object: KubeObject;
}

export interface WatchDecoder {
  push(chunk: Uint8Array): Iterable<RawEvent>;
  /** Events that only the end completes. Throws Malformed or CutOff. */
  end(): Iterable<RawEvent>;
}
