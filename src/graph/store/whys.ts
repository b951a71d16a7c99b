import type { Relation, Strength, Why } from '../types.ts';
import { grown } from './lists.ts';

/** How many references of an object are compared with those of the one before. */
const PLACES = 64;

/** Where a chain of the hash table ends. */
const END = 2 ** 32 - 1;

/** Interned reasons of edges, by dense id, counted by their users. */
export class Whys {
  readonly #whys: (Why | undefined)[] = [];
  #uses = new Uint32Array(64);
  /** A hash table of numbers alone: most whys are references by uid, one for each object, and an entry of a Map takes more than they do. */
  #buckets = new Uint32Array(64).fill(END);
  #next = new Uint32Array(64);
  readonly #free: number[] = [];
  readonly #lastAt: number[] = [];
  readonly #idle: number[] = [];

  /** As idOf, for the reference at `place` of an object's list: siblings say the same at the same place. */
  idAt(place: number, relation: Relation, path: string, optional: boolean, strength: Strength, uid: string): number {
    const last = this.#lastAt[place] ?? 0;
    const why = this.#whys[last];
    if (
      why !== undefined &&
      why.relation === relation &&
      why.path === path &&
      why.optional === optional &&
      why.strength === strength &&
      why.uid === uid
    )
      return last;
    const id = this.idOf(relation, path, optional, strength, uid);
    if (place < PLACES) this.#lastAt[place] = id;
    return id;
  }

  /** The id of this why, made where it is new. It must be held before the next sweep. */
  idOf(relation: Relation, path: string, optional: boolean, strength: Strength, uid: string): number {
    const hash = hashOf(relation, path, uid);
    for (let id = this.#first(hash); id !== END; id = this.#next[id] ?? END) {
      const why = this.#whys[id];
      if (why?.uid === uid && why.relation === relation && why.path === path)
        if (why.optional === optional && why.strength === strength) return id;
    }
    const id = this.#free.pop() ?? this.#whys.length;
    this.#whys[id] = { relation, path, optional, strength, uid };
    this.#uses = grown(this.#uses, id + 1);
    this.#next = grown(this.#next, id + 1);
    this.#uses[id] = 0;
    this.#file(id, hash);
    if (this.#whys.length > this.#buckets.length) this.#widen();
    return id;
  }

  get(id: number): Why {
    const why = this.#whys[id];
    if (why === undefined) throw new Error(`graph: no why ${id}`);
    return why;
  }

  hold(id: number): void {
    this.#uses[id] = (this.#uses[id] ?? 0) + 1;
  }

  release(id: number): void {
    const left = (this.#uses[id] ?? 0) - 1;
    this.#uses[id] = left;
    if (left === 0) this.#idle.push(id);
  }

  /** Forgets those that nobody holds any more. Between two sweeps an id may be let go and held again. */
  sweep(): void {
    for (const id of this.#idle) this.#forget(id);
    this.#idle.length = 0;
  }

  #forget(id: number): void {
    const why = this.#whys[id];
    if (why === undefined || (this.#uses[id] ?? 0) > 0) return;
    this.#unfile(id, hashOf(why.relation, why.path, why.uid));
    this.#whys[id] = undefined;
    this.#free.push(id);
  }

  get size(): number {
    return this.#whys.length - this.#free.length;
  }

  /** The head of the hash's chain. */
  #first(hash: number): number {
    return this.#buckets[hash & (this.#buckets.length - 1)] ?? END;
  }

  #file(id: number, hash: number): void {
    this.#next[id] = this.#first(hash);
    this.#buckets[hash & (this.#buckets.length - 1)] = id;
  }

  #unfile(id: number, hash: number): void {
    const after = this.#next[id] ?? END;
    let at = this.#first(hash);
    if (at === id) {
      this.#buckets[hash & (this.#buckets.length - 1)] = after;
      return;
    }
    while (at !== END && this.#next[at] !== id) at = this.#next[at] ?? END;
    if (at !== END) this.#next[at] = after;
  }

  #widen(): void {
    this.#buckets = new Uint32Array(this.#buckets.length * 2).fill(END);
    for (const [id, why] of this.#whys.entries())
      if (why !== undefined) this.#file(id, hashOf(why.relation, why.path, why.uid));
  }
}

function hashOf(relation: Relation, path: string, uid: string): number {
  return hashOfText(uid, hashOfText(path, relation.id.length));
}

function hashOfText(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}
