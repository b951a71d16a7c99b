import { randomBytes } from 'node:crypto';
import { mapStrings } from '../../kernel/map-strings.ts';
import { type ChunkRedactor, createChunkRedactor } from './chunks.ts';
import { decodeUtf8, encodedMarkerFrom, markerOf, plainMarkers } from './fingerprint.ts';
import { createNeedles, type Needles } from './needles.ts';
import { isPlain, scrubShapes } from './shapes.ts';
import { type WalkPorts, walkRedacted } from './walk.ts';

/** One call's redaction. Structurally the `Redactor` of operations/types.ts, which policy may not import. */
export interface CallRedactor {
  /**
   * A copy of a cluster's `object` with Secret data, credential-named values and last-applied replaced by markers; the object
   * itself where it holds none. `kind` is what it is where it does not say so.
   */
  object<T>(object: T, kind?: string): T;
  /**
   * As `object`, for what may repeat the caller's own values (what a caller writes, and the answer to it): marked with markers
   * that compare with nothing.
   */
  echoed<T>(object: T, kind?: string): T;
  /** `clusterText` for text that comes in pieces: a secret cut by the border of two is still seen whole. */
  clusterChunks(): ChunkRedactor;
  /** Text that the cluster wrote (logs), without the values this call met and without known credential shapes; marked as `object` marks. */
  clusterText(text: string): string;
  /**
   * Text that may repeat what the caller wrote (answers, errors): as `clusterText`, but what is a secret by its shape alone gets
   * a marker that compares with nothing, or a caller could write guesses and read off which one is a Secret's value.
   */
  text(text: string): string;
  /** `text` for text that comes in pieces: what a program of the caller's choice prints. */
  chunks(): ChunkRedactor;
  /** `value` with every string of it passed through `text`. */
  texts<T>(value: T): T;
  /** Adds a value to what `text` removes. Short values (under 6 characters) are not removed from text. */
  remember(value: string): void;
  /** How many values are remembered by now. */
  remembered(): number;
  /** An object that was redacted before, once more: without the values that were remembered since. */
  again<T>(object: T): T;
  /** The smallest index from which `text` could be the beginning of a remembered value. For text that comes in chunks. */
  holdFrom(text: string): number;
}

export interface RedactorOptions {
  /** `base64`: markers in Secret `data` are base64, for a client that decodes them (kubectl describe), and plain again in texts. */
  secretData?: 'marker' | 'base64';
}

/** Marks what callers may have written themselves; no Secret is ever marked with it. */
const ECHO_KEY = randomBytes(32);

/** A redactor for one call. `key` is from `deriveRedactionKey`. */
export function createRedactor(key: Uint8Array, { secretData = 'marker' }: RedactorOptions = {}): CallRedactor {
  const needles = createNeedles();
  const remembered = { text: needles.replace };
  const portsWith = (key: Uint8Array): WalkPorts => {
    const mark = (value: string | Uint8Array): string => {
      const marker = markerOf(key, value);
      const text = typeof value === 'string' ? value : decodeUtf8(value);
      if (text !== undefined) needles.add(text, marker);
      return marker;
    };
    return {
      mark,
      fingerprint: (value) => markerOf(key, value),
      scrub: scrubber(mark, needles),
      secretData: (marker) => (secretData === 'base64' ? Buffer.from(marker).toString('base64') : marker),
    };
  };
  const cluster = portsWith(key);
  // The caller's values are remembered for objects that repeat them; in texts their shapes are marked, and not remembered.
  const caller = portsWith(ECHO_KEY);
  const echo = scrubber((value) => markerOf(ECHO_KEY, value), needles);
  const object = <T>(object: T, ports: WalkPorts, kind: string | undefined): T => {
    const before = needles.size;
    let clean = walkRedacted(object, ports, kind);
    // A value may stand before the place that shows it to be a secret.
    if (needles.size > before) clean = mapStrings(clean, remembered);
    // Strings stay strings and fields stay fields; only numbers under a password's name turn into text.
    return clean as T;
  };
  const decoded = secretData === 'base64' ? plainMarkers : (text: string) => text;
  const holdFrom = (text: string) =>
    secretData === 'base64' ? Math.min(needles.holdFrom(text), encodedMarkerFrom(text)) : needles.holdFrom(text);
  const clusterText = (text: string) => cluster.scrub(decoded(text));
  const text = (text: string) => echo(decoded(text));
  return {
    object: (value, kind) => object(value, cluster, kind),
    echoed: (value, kind) => object(value, caller, kind),
    clusterText,
    clusterChunks: () => createChunkRedactor({ clusterText, holdFrom }),
    text,
    chunks: () => createChunkRedactor({ clusterText: text, holdFrom }),
    texts: (value) => mapStrings(value, { text: echo }),
    remember(value) {
      cluster.mark(value);
    },
    remembered: () => needles.size,
    again: (value) => mapStrings(value, remembered),
    holdFrom,
  };
}

function scrubber(mark: (value: string) => string, needles: Needles): (text: string) => string {
  const scrub = memoised(
    (text) => needles.replace(scrubShapes(needles.replace(text), mark)),
    () => needles.size,
  );
  // Names and numbers, most of an object: not worth remembering while there is nothing to look for in them.
  return (text) => (needles.size === 0 && isPlain(text) ? text : scrub(text));
}

/** Strings remembered, and the longest of them: objects of one kind repeat labels, images and paths hundreds of times. */
const MEMO_ENTRIES = 20_000;
const MEMO_LENGTH = 200;

/** `scrub` that looks at an equal short string once, until `version` changes. */
function memoised(scrub: (text: string) => string, version: () => number): (text: string) => string {
  const known = new Map<string, string>();
  let at = version();
  return (text) => {
    if (text.length > MEMO_LENGTH) return scrub(text);
    if (version() !== at || known.size >= MEMO_ENTRIES) {
      known.clear();
      at = version();
    }
    const found = known.get(text);
    if (found !== undefined) return found;
    const clean = scrub(text);
    if (version() === at) known.set(text, clean);
    return clean;
  };
}
