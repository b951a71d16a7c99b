import { grown, numbers } from './growing.ts';
import { textHash } from './selector-match.ts';

/** A uid is kept in 16 bytes where it is written as all API servers write it. */
const WORDS = 4;
const LENGTH = 36;
const GROUPS = [
  [0, 8],
  [8, 12],
  [12, 16],
  [16, 20],
  [20, 32],
] as const;

/** One uid for each of many ids, without a text for each. */
export class Uids {
  #words = numbers(Uint32Array);
  readonly #odd = new Map<number, string>();
  readonly #read = new Uint32Array(WORDS);

  reserve(count: number): void {
    this.#words = grown(this.#words, count * WORDS);
  }

  set(id: number, uid: string): void {
    if (readUid(uid, this.#read)) {
      this.#words.set(this.#read, id * WORDS);
      this.forget(id);
    } else this.#odd.set(id, uid);
  }

  /** Its place may be taken. */
  forget(id: number): void {
    if (this.#odd.size > 0) this.#odd.delete(id);
  }

  /** Of an id that has one. */
  get(id: number): string {
    const odd = this.#odd.get(id);
    if (odd !== undefined) return odd;
    const digits = [0, 1, 2, 3].map((i) => (this.#words[id * WORDS + i] ?? 0).toString(16).padStart(8, '0')).join('');
    return GROUPS.map(([from, to]) => digits.slice(from, to)).join('-');
  }

  has(id: number, uid: string): boolean {
    if (!readUid(uid, this.#read)) return this.#odd.get(id) === uid;
    if (this.#odd.size > 0 && this.#odd.has(id)) return false;
    for (let i = 0; i < WORDS; i++) if (this.#words[id * WORDS + i] !== this.#read[i]) return false;
    return true;
  }

  /** A hash of the uid; `hashAt` gives the same for an id that has it. */
  hash(uid: string): number {
    return readUid(uid, this.#read) ? hashOf(this.#read, 0) : textHash(uid, 0);
  }

  hashAt(id: number): number {
    const odd = this.#odd.get(id);
    return odd === undefined ? hashOf(this.#words, id * WORDS) : textHash(odd, 0);
  }

  /** Whether it is that of an id among others. */
  same(id: number, others: Uids, other: number): boolean {
    if (this.#odd.get(id) !== others.#odd.get(other)) return false;
    if (this.#odd.has(id)) return true;
    for (let i = 0; i < WORDS; i++) if (this.#words[id * WORDS + i] !== others.#words[other * WORDS + i]) return false;
    return true;
  }
}

function hashOf(words: Uint32Array, from: number): number {
  let hash = 0;
  for (let i = from; i < from + WORDS; i++) hash = Math.imul(hash ^ (words[i] ?? 0), 0x9e3779b1);
  return hash;
}

/** False where it is not 32 small hexadecimal digits in the usual five groups. */
function readUid(uid: string, into: Uint32Array): boolean {
  if (uid.length !== LENGTH) return false;
  let digits = 0;
  let word = 0;
  for (let i = 0; i < LENGTH; i++) {
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
