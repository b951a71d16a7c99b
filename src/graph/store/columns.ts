import type { Health } from '../types.ts';
import { grown } from './lists.ts';

const HEALTHS: readonly Health[] = ['unknown', 'ok', 'progressing', 'warning', 'failed', 'done', 'unknown'];
const ABSENT = 0;
const PRESENT: Readonly<Record<Health, number>> = { ok: 1, progressing: 2, warning: 3, failed: 4, done: 5, unknown: 6 };

/** A uid is kept in 16 bytes where it is written as all API servers write it, a version in 8 where it is a number. */
const UID_WORDS = 4;
const UID_LENGTH = 36;
const MAX_DIGITS = 15;
const ODD = -1;

/** What nodes have besides names, labels and facts, by id: numbers in columns take a third of what fields of objects take. */
export class Columns {
  #state = new Uint8Array(0);
  #uid = new Uint32Array(0);
  #version = new Float64Array(0);
  #created = new Float64Array(0);
  readonly #deleting = new Map<number, number>();
  readonly #oddUids = new Map<number, string>();
  readonly #oddVersions = new Map<number, string>();
  readonly #words = new Uint32Array(UID_WORDS);

  reserve(count: number): void {
    this.#state = grown(this.#state, count);
    this.#uid = grown(this.#uid, count * UID_WORDS);
    this.#version = grown(this.#version, count);
    this.#created = grown(this.#created, count);
  }

  isPresent(id: number): boolean {
    return this.#state[id] !== ABSENT;
  }

  health(id: number): Health {
    return HEALTHS[this.#state[id] ?? ABSENT] ?? 'unknown';
  }

  created(id: number): number {
    return this.#created[id] ?? 0;
  }

  deleting(id: number): number | undefined {
    return this.#deleting.size === 0 ? undefined : this.#deleting.get(id);
  }

  uid(id: number): string {
    const odd = this.#oddUids.get(id);
    if (odd !== undefined || !this.isPresent(id)) return odd ?? '';
    const digits = [0, 1, 2, 3].map((i) => (this.#uid[id * UID_WORDS + i] ?? 0).toString(16).padStart(8, '0')).join('');
    return [
      [0, 8],
      [8, 12],
      [12, 16],
      [16, 20],
      [20, 32],
    ]
      .map(([from, to]) => digits.slice(from, to))
      .join('-');
  }

  hasUid(id: number, uid: string): boolean {
    if (!readUid(uid, this.#words)) return this.#oddUids.get(id) === uid;
    if (this.#oddUids.has(id)) return false;
    for (let i = 0; i < UID_WORDS; i++) if (this.#uid[id * UID_WORDS + i] !== this.#words[i]) return false;
    return true;
  }

  version(id: number): string {
    if (!this.isPresent(id)) return '';
    const version = this.#version[id] ?? 0;
    return version === ODD ? (this.#oddVersions.get(id) ?? '') : `${version}`;
  }

  hasVersion(id: number, version: string): boolean {
    const number = numberOf(version);
    return number === ODD ? this.#oddVersions.get(id) === version : this.#version[id] === number;
  }

  write(
    id: number,
    object: { uid: string; resourceVersion: string; created: number; deleting: number | undefined; health: Health },
  ): void {
    this.#state[id] = PRESENT[object.health];
    if (readUid(object.uid, this.#words)) {
      this.#uid.set(this.#words, id * UID_WORDS);
      if (this.#oddUids.size > 0) this.#oddUids.delete(id);
    } else this.#oddUids.set(id, object.uid);
    const version = numberOf(object.resourceVersion);
    this.#version[id] = version;
    if (version === ODD) this.#oddVersions.set(id, object.resourceVersion);
    else if (this.#oddVersions.size > 0) this.#oddVersions.delete(id);
    this.#created[id] = object.created;
    if (object.deleting !== undefined) this.#deleting.set(id, object.deleting);
    else if (this.#deleting.size > 0) this.#deleting.delete(id);
  }

  /** Back to absent. */
  erase(id: number): void {
    this.#state[id] = ABSENT;
    this.#created[id] = 0;
    this.#version[id] = 0;
    this.#oddUids.delete(id);
    this.#oddVersions.delete(id);
    this.#deleting.delete(id);
  }
}

/** False where it is not 32 small hexadecimal digits in the usual five groups. */
function readUid(uid: string, into: Uint32Array): boolean {
  if (uid.length !== UID_LENGTH) return false;
  let digits = 0;
  let word = 0;
  for (let i = 0; i < UID_LENGTH; i++) {
    const code = uid.charCodeAt(i);
    if (i === 8 || i === 13 || i === 18 || i === 23) {
      if (code !== 45) return false;
      continue;
    }
    const digit = code <= 57 ? code - 48 : code - 87;
    if (digit < 0 || digit > 15 || (code > 57 && digit < 10)) return false;
    word = (word << 4) | digit;
    digits++;
    if (digits % 8 === 0) into[digits / 8 - 1] = word;
  }
  return true;
}

/** ODD for what a number does not give back as it was. */
function numberOf(version: string): number {
  if (version.length === 0 || version.length > MAX_DIGITS) return ODD;
  let number = 0;
  for (let i = 0; i < version.length; i++) {
    const digit = version.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9 || (digit === 0 && i === 0)) return ODD;
    number = number * 10 + digit;
  }
  return number;
}
