import { type Pairs, pairOf } from './references.ts';
import { BUNDLE, NONE, type Vertices } from './vertices.ts';

/** Fewer references than this are cheaper kept with their object. */
export const SMALLEST_BUNDLE = 3;

/** Sets of references that objects have in common, such as the pods of one ReplicaSet: kept once, with the objects as members. */
export class Bundles {
  readonly #vertices: Vertices;
  readonly #base: (vertex: number) => number;
  readonly #byHash = new Map<number, number[]>();
  readonly #hashes = new Map<number, number>();

  /** `base` gives the node in whose place a ghost stands. */
  constructor(vertices: Vertices, base: (vertex: number) => number) {
    this.#vertices = vertices;
    this.#base = base;
  }

  find(pairs: Pairs): number {
    for (const bundle of this.#byHash.get(hashOf(pairs)) ?? []) if (this.holds(bundle, pairs)) return bundle;
    return NONE;
  }

  /** Whether it consists of just these. */
  holds(bundle: number, pairs: Pairs): boolean {
    const { out } = this.#vertices.edges;
    if (out.length(bundle) !== pairs.length) return false;
    for (let i = 0; i < pairs.length; i++) {
      const at = out.at(bundle, i);
      if (pairs.indexOf(pairOf(out.data[at + 1] ?? 0, this.#base(out.data[at] ?? NONE))) < 0) return false;
    }
    return true;
  }

  /** An empty one, to be linked as `pairs` say. */
  make(pairs: Pairs): number {
    const bundle = this.#vertices.allocate(BUNDLE);
    const hash = hashOf(pairs);
    const others = this.#byHash.get(hash);
    if (others === undefined) this.#byHash.set(hash, [bundle]);
    else others.push(bundle);
    this.#hashes.set(bundle, hash);
    return bundle;
  }

  /** After its edges are gone. */
  forget(bundle: number): void {
    const hash = this.#hashes.get(bundle) ?? 0;
    const others = (this.#byHash.get(hash) ?? []).filter((other) => other !== bundle);
    if (others.length > 0) this.#byHash.set(hash, others);
    else this.#byHash.delete(hash);
    this.#hashes.delete(bundle);
    this.#vertices.release(bundle);
  }

  get size(): number {
    return this.#hashes.size;
  }
}

function hashOf(pairs: Pairs): number {
  let hash = pairs.length;
  for (let i = 0; i < pairs.length; i++) {
    const pair = pairs.at(i);
    hash = Math.imul(hash ^ (pair % 2 ** 32), 0x9e3779b1) ^ (pair / 2 ** 32);
    hash ^= hash >>> 15;
  }
  return hash & 0x3fffffff; // a small integer: a Map keeps it without a box
}
