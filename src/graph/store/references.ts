import type { NodeId, ProjectedReference, Reference } from '../types.ts';
import type { SelectorScope, SelectorUse } from './selector-use.ts';
import type { Whys } from './whys.ts';

/** Two numbers of 26 bits in one that a double holds exactly: 67 M vertices, 67 M whys. */
const SHIFT = 2 ** 26;

export function pairOf(why: number, vertex: number): number {
  return why * SHIFT + vertex;
}

export function whyOf(pair: number): number {
  return Math.floor(pair / SHIFT);
}

export function vertexOf(pair: number): number {
  return pair % SHIFT;
}

/** An ascending list of distinct pairs, filled anew for each object without allocating. */
export class Pairs {
  length = 0;
  #values = new Float64Array(64);

  clear(): void {
    this.length = 0;
  }

  add(pair: number): void {
    if (this.length === this.#values.length) {
      const longer = new Float64Array(this.length * 2);
      longer.set(this.#values);
      this.#values = longer;
    }
    this.#values[this.length++] = pair;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  /** Call once filled. */
  settle(): void {
    sort(this.#values, this.length);
    let kept = 0;
    for (let i = 0; i < this.length; i++) {
      if (i === 0 || this.#values[i] !== this.#values[i - 1]) this.#values[kept++] = this.at(i);
    }
    this.length = kept;
  }

  /** -1 where it is not there. */
  indexOf(pair: number): number {
    let low = 0;
    let high = this.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const value = this.at(middle);
      if (value === pair) return middle;
      if (value < pair) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}

/** Most objects have few references: there insertion beats the library's sort. */
function sort(values: Float64Array, length: number): void {
  if (length > 24) {
    values.subarray(0, length).sort();
    return;
  }
  for (let i = 1; i < length; i++) {
    const value = values[i] ?? 0;
    let at = i - 1;
    while (at >= 0 && (values[at] ?? 0) > value) {
      values[at + 1] = values[at] ?? 0;
      at--;
    }
    values[at + 1] = value;
  }
}

/** Kinds that siblings of one template refer to each for itself: what they have in common is kept once without these. */
const EACH_ITS_OWN: ReadonlySet<string> = new Set(['Node', 'PersistentVolumeClaim', 'ResourceClaim.resource.k8s.io']);

/** The references of one object, resolved to vertices and whys. Used for one object after the other. */
export class ResolvedReferences {
  readonly common = new Pairs();
  readonly own = new Pairs();
  /** The other end depends on this object. */
  readonly inverse = new Pairs();
  uses: SelectorUse[] = [];

  /** `place` gives the node of a name, present or absent. */
  resolve(
    owner: NodeId,
    references: readonly ProjectedReference[],
    whys: Whys,
    place: (kind: string, namespace: string, name: string) => NodeId,
  ): void {
    this.common.clear();
    this.own.clear();
    this.inverse.clear();
    this.uses = [];
    let at = 0;
    for (const { relation, reference } of references) {
      const uid = reference.by === 'uid' ? reference.uid : '';
      const strength = reference.strength ?? relation.strength;
      const why = whys.idAt(at++, relation, reference.path, reference.optional === true, strength, uid);
      if (reference.by === 'selector') this.#select(owner, why, relation.inverse === true, reference);
      else {
        const pair = pairOf(why, place(reference.kind, reference.namespace, reference.name));
        if (relation.inverse === true) this.inverse.add(pair);
        else if (EACH_ITS_OWN.has(reference.kind)) this.own.add(pair);
        else this.common.add(pair);
      }
    }
    this.common.settle();
    this.own.settle();
    this.inverse.settle();
  }

  #select(owner: NodeId, why: number, inverse: boolean, reference: Reference & { by: 'selector' }): void {
    const { kind, namespace, namespaceSelector: namespaces, selector } = reference;
    const scope: SelectorScope = { namespace, namespaces, selector };
    const at = this.uses.findIndex((use) => use.why === why && use.kind === kind);
    const use = this.uses[at];
    if (use === undefined)
      this.uses.push({
        owner,
        why,
        inverse,
        kind,
        scopes: [scope],
        virtual: false,
        links: 0,
        pairs: 0,
        countedAt: -1,
        seen: 0,
      });
    else this.uses[at] = { ...use, scopes: [...use.scopes, scope] };
  }
}

export function sameUse(a: SelectorUse, b: SelectorUse): boolean {
  return a.why === b.why && a.kind === b.kind && JSON.stringify(a.scopes) === JSON.stringify(b.scopes);
}
