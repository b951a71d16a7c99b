import { Pairs, pairOf } from './references.ts';
import { BUNDLE, NONE, type Vertices } from './vertices.ts';

/** Fewer references than this are cheaper kept with their object. */
export const SMALLEST_BUNDLE = 3;

/** Kinds of which many objects are made from one template. Those of others have little in common. */
export const FROM_TEMPLATES: ReadonlySet<string> = new Set(['Pod', 'ReplicaSet.apps', 'Job.batch']);

/** Sets of references that objects have in common, such as the pods of one ReplicaSet: kept once, with the objects as members. */
export class Bundles {
  readonly #vertices: Vertices;
  readonly #base: (vertex: number) => number;
  /** One bundle as a rule; an array where sets share a hash. */
  readonly #byHash = new Map<number, number | number[]>();
  readonly #pairs = new Pairs();
  size = 0;

  /** `base` gives the node in whose place a ghost stands. */
  constructor(vertices: Vertices, base: (vertex: number) => number) {
    this.#vertices = vertices;
    this.#base = base;
  }

  find(pairs: Pairs): number {
    const found = this.#byHash.get(hashOf(pairs)) ?? NONE;
    if (typeof found === 'number') return found !== NONE && this.holds(found, pairs) ? found : NONE;
    return found.find((bundle) => this.holds(bundle, pairs)) ?? NONE;
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
    if (others === undefined) this.#byHash.set(hash, bundle);
    else this.#byHash.set(hash, typeof others === 'number' ? [others, bundle] : [...others, bundle]);
    this.size++;
    return bundle;
  }

  /** While it still has its edges. */
  forget(bundle: number): void {
    const hash = hashOf(this.#pairsOf(bundle));
    const others = this.#byHash.get(hash) ?? NONE;
    const rest = typeof others === 'number' ? [] : others.filter((other) => other !== bundle);
    if (rest.length > 0) this.#byHash.set(hash, rest);
    else this.#byHash.delete(hash);
    this.size--;
  }

  #pairsOf(bundle: number): Pairs {
    const { out } = this.#vertices.edges;
    this.#pairs.clear();
    for (let i = 0; i < out.length(bundle); i++) {
      const at = out.at(bundle, i);
      this.#pairs.add(pairOf(out.data[at + 1] ?? 0, this.#base(out.data[at] ?? NONE)));
    }
    this.#pairs.settle();
    return this.#pairs;
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
