import { sameData } from './same-data.ts';
import type { Intern } from './types.ts';

/** How many values are remembered before the older half is let go. What is in use stays in use; only the next equal value is a new one. */
const REMEMBERED = 60_000;

/** Values of one hash that are compared with. There are more only where somebody looked for such: those stay several. */
const BUCKET = 16;

export interface InternStatistics {
  texts: number;
  shared: number;
  /** Values that were there already. */
  reused: number;
}

/** Makes equal values one value, with bounded memory: two generations, of which the older is dropped when the younger is full. */
export function createIntern(limit = REMEMBERED): Intern & { statistics(): InternStatistics } {
  const texts = new Generations<string, string>(limit);
  /** By hash: the value itself as a rule, several in an array of the table's own where hashes meet. */
  const values = new Generations<number, object | Bucket>(limit);
  let reused = 0;
  const keep = <T>(value: T): T => {
    reused++;
    return value;
  };
  return {
    text(value) {
      const known = texts.get(value);
      if (known !== undefined) return keep(known);
      texts.set(value, value);
      return value;
    },
    shared(value) {
      const hash = hashOf(value, 0);
      const known = values.get(hash);
      if (known === undefined) values.set(hash, value);
      else if (known instanceof Bucket) {
        for (const other of known.values) if (sameData(value, other)) return keep(other as typeof value); // equal in all its parts
        if (known.values.length < BUCKET) known.values.push(value);
      } else {
        if (sameData(value, known)) return keep(known as typeof value); // as above
        values.set(hash, new Bucket([known, value]));
      }
      return value;
    },
    statistics: () => ({ texts: texts.size, shared: values.size, reused }),
  };
}

class Bucket {
  readonly values: object[];

  constructor(values: object[]) {
    this.values = values;
  }
}

class Generations<Key, Value> {
  #young = new Map<Key, Value>();
  #old = new Map<Key, Value>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: Key): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: Key, value: Value): void {
    this.#young.set(key, value);
    if (this.#young.size < this.#limit / 2) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }
}

/** Small integers only, so that a Map keeps them without a box: equality decides. */
function hashOf(value: unknown, seed: number): number {
  let hash = seed;
  if (typeof value === 'string') hash = hashOfText(value, hash);
  else if (typeof value === 'number') hash = mix(hash, value | 0);
  else if (Array.isArray(value)) {
    hash = mix(hash, value.length + 7);
    for (const item of value) hash = hashOf(item, hash);
  } else if (typeof value === 'object' && value !== null) {
    // Values tell facts apart, which have their fields' names in common; of labels the last letters of a name do as well.
    for (const key in value) hash = hashOf(value[key as keyof typeof value], hashOfName(key, hash)); // its own key
  } else hash = mix(hash, value === undefined ? 1 : value === null ? 2 : value === true ? 3 : 4);
  return hash;
}

function hashOfName(name: string, seed: number): number {
  const last = name.length - 1;
  return mix(seed, (name.length << 16) ^ (name.charCodeAt(last) << 8) ^ name.charCodeAt(last - 1));
}

/** All of a name or an image, for those of one team differ in few places; some characters of what is longer than 128. */
function hashOfText(text: string, seed: number): number {
  let hash = mix(seed, text.length);
  const step = Math.max(1, text.length >> 6);
  for (let i = text.length - 1; i >= 0; i -= step) hash = mix(hash, text.charCodeAt(i));
  return hash;
}

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) & 0x3fffffff;
}
