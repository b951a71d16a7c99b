import { EVERY_MARKER } from './fingerprint.ts';

/** Shorter values are not removed from text: they are words and numbers of their own right too. */
const MIN_VALUE = 6;
/** Lines of a long value that are removed on their own too: YAML indents them, logs cut them apart. */
const MIN_LINE = 20;
/** UTF-16 units; beyond it only the value itself and its lines are looked for, not its encodings. */
const MAX_ENCODED = 16_384;
const PREFIX = 6;
/** A power of two. */
const PREFIX_HASHES = 262_144;

interface Bucket {
  /** Needle -> marker. */
  markers: Map<string, string>;
  /** Distinct lengths, longest first. */
  lengths: number[];
}

/** Made with the first needle: most calls meet no secret, and a third of a megabyte each would keep the collector busy. */
interface Beginnings {
  /** Which pairs of first characters begin a needle: rules out nearly every position without a lookup. */
  pairs: Uint8Array;
  /** The same for whole prefixes, by hash: with thousands of needles nearly every pair begins one. */
  prefixes: Uint8Array;
}

/** Text values to find in any text, in every encoding they commonly take. Search is linear in the text. */
export interface Needles {
  readonly size: number;
  add(value: string, marker: string): void;
  /** Replaces every needle by its marker; markers that are there already stay as they are. */
  replace(text: string): string;
  /** The smallest index from which `text` could be the beginning of a needle that goes on after it. */
  holdFrom(text: string): number;
}

export function createNeedles(): Needles {
  const buckets = new Map<string, Bucket>();
  const known = new Set<string>();
  let beginnings: Beginnings | undefined;
  let longest = 0;

  const addOne = (needle: string, marker: string): void => {
    if (needle.length < MIN_VALUE) return;
    const prefix = needle.slice(0, PREFIX);
    const bucket = buckets.get(prefix) ?? emptyBucket();
    buckets.set(prefix, bucket);
    beginnings ??= { pairs: new Uint8Array(65_536), prefixes: new Uint8Array(PREFIX_HASHES) };
    beginnings.pairs[pairOf(needle, 0)] = 1;
    beginnings.prefixes[prefixHash(needle, 0)] = 1;
    if (bucket.markers.has(needle)) return;
    bucket.markers.set(needle, marker);
    if (!bucket.lengths.includes(needle.length)) {
      bucket.lengths.push(needle.length);
      bucket.lengths.sort((a, b) => b - a);
    }
    longest = Math.max(longest, needle.length);
  };

  const at = (text: string, start: number): { length: number; marker: string } | undefined => {
    if (beginnings === undefined || beginnings.pairs[pairOf(text, start)] === 0) return undefined;
    if (beginnings.prefixes[prefixHash(text, start)] === 0) return undefined;
    const bucket = buckets.get(text.slice(start, start + PREFIX));
    if (bucket === undefined) return undefined;
    for (const length of bucket.lengths) {
      const marker = bucket.markers.get(text.slice(start, start + length));
      if (marker !== undefined && start + length <= text.length) return { length, marker };
    }
    return undefined;
  };

  const replaceIn = (text: string): string => {
    let out = '';
    let from = 0;
    for (let i = 0; i + PREFIX <= text.length; ) {
      const hit = at(text, i);
      if (hit === undefined) {
        i++;
        continue;
      }
      out += text.slice(from, i) + hit.marker;
      i += hit.length;
      from = i;
    }
    return from === 0 ? text : out + text.slice(from);
  };

  return {
    get size() {
      return known.size;
    },
    add(value, marker) {
      if (known.has(value) || value.length < MIN_VALUE) return;
      known.add(value);
      for (const needle of spellings(value)) addOne(needle, marker);
    },
    replace(text) {
      if (buckets.size === 0 || text.length < MIN_VALUE) return text;
      let out = '';
      let from = 0;
      for (const match of text.matchAll(EVERY_MARKER)) {
        out += replaceIn(text.slice(from, match.index)) + match[0];
        from = match.index + match[0].length;
      }
      return out + replaceIn(text.slice(from));
    },
    holdFrom(text) {
      for (let i = Math.max(0, text.length - longest + 1); i < text.length; i++) {
        if (couldBegin(buckets, text.slice(i))) return i;
      }
      return text.length;
    },
  };
}

function emptyBucket(): Bucket {
  return { markers: new Map(), lengths: [] };
}

function pairOf(text: string, at: number): number {
  return ((text.charCodeAt(at) * 257) ^ text.charCodeAt(at + 1)) & 0xffff;
}

function prefixHash(text: string, at: number): number {
  let hash = 0;
  for (let i = at; i < at + PREFIX; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return (hash ^ (hash >>> 15)) & (PREFIX_HASHES - 1);
}

function couldBegin(buckets: ReadonlyMap<string, Bucket>, tail: string): boolean {
  if (tail.length < PREFIX) {
    for (const prefix of buckets.keys()) if (prefix.startsWith(tail)) return true;
    return false;
  }
  const bucket = buckets.get(tail.slice(0, PREFIX));
  if (bucket === undefined) return false;
  for (const needle of bucket.markers.keys()) if (needle.length > tail.length && needle.startsWith(tail)) return true;
  return false;
}

/** The ways a value turns up in text. */
function* spellings(value: string): Generator<string> {
  yield value;
  const trimmed = value.trim();
  if (trimmed !== value) yield trimmed;
  if (value.length > MIN_LINE && value.includes('\n')) {
    for (const line of value.split('\n', 2000)) {
      const bare = line.trim();
      if (bare.length >= MIN_LINE && !bare.startsWith('-----')) yield bare;
    }
  }
  if (value.length > MAX_ENCODED) return;
  for (const form of trimmed === value ? [value] : [value, trimmed]) yield* encodings(form);
}

function* encodings(value: string): Generator<string> {
  const wellFormed = value.toWellFormed();
  yield wellFormed;
  yield* base64Cores(Buffer.from(wellFormed, 'utf8'));
  const json = JSON.stringify(value).slice(1, -1);
  yield json;
  // Go escapes these for HTML, and everything else that is not ASCII stays.
  yield json.replace(/[<>&\u2028\u2029]/g, escapeUnit);
  yield json.replace(/[^ -~]/g, escapeUnit);
  yield value.replaceAll("'", "''");
  const percent = encodeURIComponent(wellFormed);
  yield percent;
  yield percent.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase());
  yield percent.replaceAll('%20', '+');
  // As above, with the characters that encodeURIComponent leaves alone and others do not.
  yield percent.replace(/[!'()*~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * Base64 of `bytes`, whole and as it looks inside the base64 of something longer: at each of the three alignments the
 * characters that depend on `bytes` alone. In the standard and the URL alphabet.
 */
export function* base64Cores(bytes: Buffer): Generator<string> {
  const whole = bytes.toString('base64');
  yield whole;
  yield bytes.toString('base64url');
  for (let shift = 0; shift < 3; shift++) {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const core = encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
    if (core.length < MIN_VALUE) continue;
    yield core;
    yield core.replaceAll('+', '-').replaceAll('/', '_');
  }
}
