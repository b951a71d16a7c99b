/**
 * Objects that a watch told of just now. A pod that starts or fails is told of several times within seconds, and only its status is new:
 * its metadata and spec are found by their bytes, and are then one object for all tellings, which nobody may change. What was told longest
 * ago is forgotten first.
 */
import { Still, setStill } from '../../kernel/still.ts';
import type { KubeObject, ObjectMeta } from '../../kernel/vocabulary.ts';
import { type Cursor, DELIMITED, delimited, skip, unsigned } from './cursor.ts';
import type { Plan } from './plan.ts';

/** Bytes that are kept: of some thousand pods as they are in tests, of a thousand large ones. What was made of them takes three times as much. */
const ROOM = 2 * 1024 * 1024;
/** Bytes. What is longer would drive out many others. */
const LONGEST = 32_768;
/** Stretches of metadata, with managedFields and the version between them. */
const MAX_RUNS = 16;

/** Of so many that are not known one is kept all the same where few come again before they are forgotten: what is kept for nothing costs. */
const SAMPLE = 8;
const FEW = 1 / 4;
/** So many that were kept weigh as much as all before. */
const MEMORY = 256;

/** As all kinds of Kubernetes number them. */
const METADATA = 1;
const SPEC = 2;
const STATUS = 3;

export type Into = (object: KubeObject, plan: Plan, cursor: Cursor, end: number) => KubeObject;

/** `plan` without metadata and spec; undefined where there is no status that could change alone. */
interface Kind {
  rest: Plan;
  metadata: Plan;
  uid: number;
  version: number;
}

interface Seen {
  plan: Plan;
  /** Where its bytes begin, counted from the first that was ever kept. */
  at: number;
  /** Of its metadata, then of its spec. */
  metadataBytes: number;
  specBytes: number;
  metadata: ObjectMeta;
  spec: unknown;
  still: Still;
}

/** Whether what is kept comes again. */
class Worth {
  #kept = 0;
  #found = 0;
  #asked = 0;

  found(): void {
    this.#found++;
  }

  isKept(): boolean {
    if (this.#found < this.#kept * FEW && ++this.#asked % SAMPLE !== 0) return false;
    if (++this.#kept < MEMORY) return true;
    this.#kept /= 2;
    this.#found /= 2;
    return true;
  }
}

/** As `into`, for objects that are told of again and again. */
export function createSeenObjects(into: Into): Into {
  const kinds = new WeakMap<Plan, Kind | undefined>();
  const seen = new Map<string, Seen>();
  const worth = new Worth();
  let kept: Buffer | undefined;
  let written = 0;
  /** Of the object at hand: stretches of metadata, where its spec lies, its uid and version; 0 where there is none. */
  const runs = new Int32Array(2 * MAX_RUNS);
  let [count, metadataBytes, specFrom, specTo, uidFrom, uidTo, versionFrom, versionTo] = [0, 0, 0, 0, 0, 0, 0, 0];
  const walk: Cursor = { bytes: Buffer.alloc(0), at: 0 };

  const kindOf = (plan: Plan): Kind | undefined => {
    if (!kinds.has(plan)) kinds.set(plan, newKind(plan));
    return kinds.get(plan);
  };

  /** False for what is not as servers write it. */
  const survey = (kind: Kind, cursor: Cursor, end: number): boolean => {
    [count, metadataBytes, specFrom, specTo, uidFrom, uidTo, versionFrom, versionTo] = [0, 0, 0, 0, 0, 0, 0, 0];
    walk.bytes = cursor.bytes;
    walk.at = cursor.at;
    while (walk.at < end) {
      const tag = unsigned(walk, end);
      const number = tag >>> 3;
      if (number > SPEC || (tag & 7) !== DELIMITED) {
        skip(walk, tag & 7, end);
        continue;
      }
      const to = delimited(walk, end);
      if (number === METADATA) {
        if (count > 0 || !surveyMetadata(kind, to)) return false;
      } else if (number === SPEC) {
        if (specTo > 0) return false;
        specFrom = walk.at;
        specTo = to;
      }
      walk.at = to;
    }
    return uidTo > 0 && versionTo > 0 && specTo > 0 && metadataBytes + specTo - specFrom <= LONGEST;
  };

  const surveyMetadata = (kind: Kind, end: number): boolean => {
    while (walk.at < end) {
      const from = walk.at;
      const tag = unsigned(walk, end);
      const number = tag >>> 3;
      if (number === kind.uid || number === kind.version) {
        const to = delimited(walk, end);
        if (number === kind.version) [versionFrom, versionTo] = [walk.at, to];
        else [uidFrom, uidTo] = [walk.at, to];
        walk.at = to;
      } else skip(walk, tag & 7, end);
      if (number === kind.version || kind.metadata.steps[number] === undefined) continue;
      if (count > 0 && runs[2 * count - 1] === from) runs[2 * count - 1] = walk.at;
      else if (count === MAX_RUNS) return false;
      else {
        runs[2 * count] = from;
        runs[2 * count + 1] = walk.at;
        count++;
      }
      metadataBytes += walk.at - from;
    }
    return count > 0;
  };

  const isSame = (one: Seen, bytes: Buffer, from: Buffer): boolean => {
    if (one.metadataBytes !== metadataBytes || one.specBytes !== specTo - specFrom) return false;
    let at = one.at % ROOM;
    for (let run = 0; run < count; run++) {
      const [start, stop] = [runs[2 * run] ?? 0, runs[2 * run + 1] ?? 0];
      if (from.compare(bytes, start, stop, at, at + stop - start) !== 0) return false;
      at += stop - start;
    }
    return from.compare(bytes, specFrom, specTo, at, at + specTo - specFrom) === 0;
  };

  /** Room for so many bytes in one piece: whose bytes lay there is forgotten. Where it begins. */
  const makeRoom = (size: number): number => {
    if ((written % ROOM) + size > ROOM) written += ROOM - (written % ROOM);
    const at = written;
    written += size;
    for (const [uid, one] of seen) {
      if (one.at + ROOM >= written) break;
      seen.delete(uid);
    }
    return at;
  };

  const keep = (uid: string, plan: Plan, bytes: Buffer, object: KubeObject): void => {
    const { metadata, spec } = object;
    if (metadata === undefined) return;
    kept ??= Buffer.alloc(ROOM);
    seen.delete(uid);
    const at = makeRoom(metadataBytes + specTo - specFrom);
    let to = at % ROOM;
    for (let run = 0; run < count; run++) to += bytes.copy(kept, to, runs[2 * run], runs[2 * run + 1]);
    bytes.copy(kept, to, specFrom, specTo);
    const still = new Still();
    seen.set(uid, { plan, at, metadataBytes, specBytes: specTo - specFrom, metadata, spec, still });
    setStill(object, still);
  };

  return (object, plan, cursor, end) => {
    const kind = kindOf(plan);
    if (kind === undefined || !survey(kind, cursor, end)) return into(object, plan, cursor, end);
    const { bytes } = cursor;
    const uid = bytes.toString('latin1', uidFrom, uidTo);
    const known = seen.get(uid);
    if (known === undefined || kept === undefined || known.plan !== plan || !isSame(known, bytes, kept)) {
      into(object, plan, cursor, end);
      if (worth.isKept()) keep(uid, plan, bytes, object);
      return object;
    }
    worth.found();
    setStill(object, known.still);
    object.metadata = { ...known.metadata, resourceVersion: bytes.toString('utf8', versionFrom, versionTo) };
    object['spec'] = known.spec;
    return into(object, kind.rest, cursor, end);
  };
}

function newKind({ steps }: Plan): Kind | undefined {
  const [, metadata, spec, status] = steps;
  if (metadata?.field.json !== 'metadata' || spec?.field.json !== 'spec' || status?.field.json !== 'status') return;
  const fields = metadata.plan?.steps ?? [];
  const uid = fields.findIndex((step) => step?.field.json === 'uid');
  const version = fields.findIndex((step) => step?.field.json === 'resourceVersion');
  if (metadata.plan === undefined || uid < 0 || version < 0) return;
  const rest = steps.map((step, number) => (number < STATUS ? undefined : step));
  return { rest: { steps: rest }, metadata: metadata.plan, uid, version };
}
