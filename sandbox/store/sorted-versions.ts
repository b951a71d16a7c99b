/** The versions of one resource in the order of etcd, in chunks, so that one among 150,000 comes and goes in a microsecond. */
import type { Version } from './types.ts';

/** Entries to a chunk: a middle insert moves 4 KB on average. */
const CHUNK = 1024;

const SLASH = 0x2f;

type Key = Pick<Version, 'namespace' | 'name'>;

/** Compares as `namespace/name` would, without making the strings. */
export function compareKeys(a: Key, b: Key): number {
  if (a.namespace !== b.namespace) {
    // A '/' ends the shorter one: `a-b/x` is before `a/x`, because '-' is before '/'.
    if (b.namespace.startsWith(a.namespace)) return b.namespace.charCodeAt(a.namespace.length) > SLASH ? -1 : 1;
    if (a.namespace.startsWith(b.namespace)) return a.namespace.charCodeAt(b.namespace.length) > SLASH ? 1 : -1;
    return a.namespace < b.namespace ? -1 : 1;
  }
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

export class SortedVersions {
  /** None is empty. */
  readonly #chunks: Version[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(namespace: string, name: string): Version | undefined {
    const key = { namespace, name };
    const chunk = this.#chunks[this.#chunkOf(key)];
    const found = chunk?.[lowerBound(chunk, key)];
    return found !== undefined && found.name === name && found.namespace === namespace ? found : undefined;
  }

  /** Adds or replaces; returns what was replaced. */
  put(version: Version): Version | undefined {
    const at = this.#chunkOf(version);
    const chunk = this.#chunks[at];
    if (chunk === undefined) {
      this.#append(version);
      return undefined;
    }
    const index = lowerBound(chunk, version);
    const there = chunk[index];
    if (there !== undefined && compareKeys(there, version) === 0) {
      chunk[index] = version;
      return there;
    }
    chunk.splice(index, 0, version);
    this.#size++;
    if (chunk.length > CHUNK) this.#chunks.splice(at + 1, 0, chunk.splice(CHUNK / 2));
    return undefined;
  }

  remove(namespace: string, name: string): Version | undefined {
    const key = { namespace, name };
    const at = this.#chunkOf(key);
    const chunk = this.#chunks[at];
    if (chunk === undefined) return undefined;
    const index = lowerBound(chunk, key);
    const there = chunk[index];
    if (there === undefined || compareKeys(there, key) !== 0) return undefined;
    chunk.splice(index, 1);
    this.#size--;
    if (chunk.length === 0) this.#chunks.splice(at, 1);
    return there;
  }

  /** A new array of all, or of one namespace. */
  toArray(namespace?: string): Version[] {
    if (namespace === undefined) return ([] as Version[]).concat(...this.#chunks);
    const found: Version[] = [];
    const first = { namespace, name: '' };
    const start = this.#chunkOf(first);
    for (let at = start; at < this.#chunks.length; at++) {
      const chunk = this.#chunks[at] ?? [];
      const from = at === start ? lowerBound(chunk, first) : 0;
      const to = endOf(chunk, namespace, from);
      for (let index = from; index < to; index++) found.push(chunk[index] as Version);
      if (to < chunk.length) break;
    }
    return found;
  }

  count(namespace?: string): number {
    if (namespace === undefined) return this.#size;
    let count = 0;
    const first = { namespace, name: '' };
    const start = this.#chunkOf(first);
    for (let at = start; at < this.#chunks.length; at++) {
      const chunk = this.#chunks[at] ?? [];
      const from = at === start ? lowerBound(chunk, first) : 0;
      const to = endOf(chunk, namespace, from);
      count += to - from;
      if (to < chunk.length) break;
    }
    return count;
  }

  /** Sorted loads only ever come here: the last chunk fills up and a new one begins. */
  #append(version: Version): void {
    const last = this.#chunks[this.#chunks.length - 1];
    if (last !== undefined && last.length < CHUNK) last.push(version);
    else this.#chunks.push([version]);
    this.#size++;
  }

  /** The first chunk whose last entry is not before `key`; one past the last when all are. */
  #chunkOf(key: Key): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const last = this.#chunks[middle]?.at(-1);
      if (last !== undefined && compareKeys(last, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The index of the first entry that is not before `key`. */
export function lowerBound(versions: readonly Version[], key: Key): number {
  let low = 0;
  let high = versions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const there = versions[middle];
    if (there !== undefined && compareKeys(there, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where the entries of `namespace` end in a sorted array in which they begin at `from`. */
function endOf(versions: readonly Version[], namespace: string, from: number): number {
  let low = from;
  let high = versions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (versions[middle]?.namespace === namespace) low = middle + 1;
    else high = middle;
  }
  return low;
}
