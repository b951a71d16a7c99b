/**
 * Members of lists, and whole maps, that were met before: the containers and labels of pods of one template are the same bytes but for what
 * is not read (the name of a mount is the pod's own). They are found by the bytes of what is read, and are then one object for all, which
 * nobody may change. A table of one place per hash, whose occupant gives way: bounded, and right whatever was forgotten.
 */
import { type Cursor, DELIMITED, delimited, skip, unsigned } from './cursor.ts';
import type { Plan, Step } from './plan.ts';

type Json = Record<string, unknown>;

/** Few: objects of one template follow each other in lists, and what outlives the young generation costs more than to make it again. */
const PLACES = 128;
/** Bytes. Shorter ones are read as fast as they are compared; longer ones are rare, and would be much to keep. */
const SHORTEST = 400;
const LONGEST = 8_192;
const SHORTEST_MAP = 64;
/** Stretches of bytes that are read, with others between them. */
const MAX_RUNS = 64;

interface Known {
  of: Plan | Step;
  /** Of what is read, one field after the other: so many bytes at its place among those that are kept. */
  size: number;
  made: Json;
}

/** A message of so many bytes. */
export function isWorthKnowing(bytes: number): boolean {
  return bytes >= SHORTEST && bytes <= LONGEST;
}

export interface KnownMessages {
  /** The message between `cursor.at` and `end`, made by `make` unless it is known. */
  message(plan: Plan, cursor: Cursor, end: number, make: () => Json): Json;
  /** A map of texts, from the length of its first entry on, as far as its entries follow each other: to the place that `make` is told. */
  map(step: Step, cursor: Cursor, end: number, make: (to: number) => Json): Json;
}

export function createKnownMessages(): KnownMessages {
  const places: (Known | undefined)[] = new Array(PLACES).fill(undefined);
  const kept = Buffer.alloc(PLACES * LONGEST);
  /** Of the message at hand: where the stretches that are read begin and end. */
  const runs = new Int32Array(2 * MAX_RUNS);
  const walk: Cursor = { bytes: Buffer.alloc(0), at: 0 };
  let count = 0;
  let size = 0;
  let hash = 0;

  /** Finds the stretches. False where there are too many of them. */
  const survey = (plan: Plan, cursor: Cursor, end: number): boolean => {
    const { bytes } = cursor;
    walk.bytes = bytes;
    walk.at = cursor.at;
    count = 0;
    size = 0;
    hash = end - cursor.at > 0 ? 7 : 0;
    while (walk.at < end) {
      const from = walk.at;
      const tag = unsigned(walk, end);
      skip(walk, tag & 7, end);
      if (plan.steps[tag >>> 3] === undefined) continue;
      const to = walk.at;
      size += to - from;
      // Some bytes of each field, its last among them: names and versions differ at their ends.
      hash = Math.imul(hash ^ (to - from), 0x9e3779b1) ^ (bytes[to - 1] ?? 0);
      hash = Math.imul(hash ^ (bytes[(from + to) >>> 1] ?? 0), 31) + (bytes[to - 2] ?? 0);
      if (count > 0 && runs[2 * count - 1] === from) runs[2 * count - 1] = to;
      else if (count === MAX_RUNS) return false;
      else {
        runs[2 * count] = from;
        runs[2 * count + 1] = to;
        count++;
      }
    }
    return true;
  };

  /** Where the entries end. */
  const surveyMap = (tag: number, cursor: Cursor, end: number): number => {
    const { bytes } = cursor;
    walk.bytes = bytes;
    walk.at = cursor.at;
    hash = 11;
    for (;;) {
      const from = walk.at;
      const to = delimited(walk, end);
      walk.at = to;
      hash = Math.imul(hash ^ (to - from), 0x9e3779b1) ^ (bytes[to - 1] ?? 0);
      hash = Math.imul(hash ^ (bytes[to - 3] ?? 0), 31) + (bytes[to - 2] ?? 0);
      if (to >= end || bytes[to] !== tag) break;
      walk.at++;
    }
    runs[0] = cursor.at;
    runs[1] = walk.at;
    count = 1;
    size = walk.at - cursor.at;
    return walk.at;
  };

  const isSame = (place: number, bytes: Buffer): boolean => {
    let at = place * LONGEST;
    for (let run = 0; run < count; run++) {
      const from = runs[2 * run] ?? 0;
      const to = runs[2 * run + 1] ?? 0;
      if (kept.compare(bytes, from, to, at, at + to - from) !== 0) return false;
      at += to - from;
    }
    return true;
  };

  const keep = (place: number, bytes: Buffer): void => {
    let at = place * LONGEST;
    for (let run = 0; run < count; run++) at += bytes.copy(kept, at, runs[2 * run], runs[2 * run + 1]);
  };

  /** Of what was surveyed. */
  const found = (of: Plan | Step, cursor: Cursor, end: number, make: () => Json): Json => {
    const place = (hash ^ (hash >>> 15)) & (PLACES - 1);
    const known = places[place];
    if (known !== undefined && known.of === of && known.size === size && isSame(place, cursor.bytes)) {
      cursor.at = end;
      return known.made;
    }
    // Before it is made: making reads other messages, of which the survey is then. One of those may take the place: it keeps it.
    places[place] = undefined;
    keep(place, cursor.bytes);
    const made = make();
    places[place] ??= { of, size, made };
    return made;
  };

  return {
    message(plan, cursor, end, make) {
      return isWorthKnowing(end - cursor.at) && survey(plan, cursor, end) ? found(plan, cursor, end, make) : make();
    },
    map(step, cursor, end, make) {
      const to = surveyMap(step.field.number * 8 + DELIMITED, cursor, end);
      if (size < SHORTEST_MAP || size > LONGEST) return make(to);
      return found(step, cursor, to, () => make(to));
    },
  };
}
