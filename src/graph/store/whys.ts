import type { Relation, Strength, Why } from '../types.ts';
import { grown, numbers } from './growing.ts';
import { textHash } from './selector-match.ts';
import { Uids } from './uids.ts';

/** How many references of an object are compared with those of the one before. */
const PLACES = 64;

/** Where a chain of the hash table ends. */
const END = 2 ** 32 - 1;

/** A reason by uid, as it is handed out: its uid is that of the generation in which it was. */
class WhyByUid implements Why {
  readonly relation: Relation;
  readonly path: string;
  readonly optional: boolean;
  readonly strength: Strength;
  readonly #uids: Uids;
  readonly #id: number;

  constructor({ relation, path, optional, strength }: Why, uids: Uids, id: number) {
    this.relation = relation;
    this.path = path;
    this.optional = optional;
    this.strength = strength;
    this.#uids = uids;
    this.#id = id;
  }

  get uid(): string {
    return this.#uids.get(this.#id);
  }
}

/** Interned reasons of edges, by dense id, counted by their users. */
export class Whys {
  /** Of references by uid: the why that they have but for the uid. */
  readonly uids = new Uids();
  readonly #whys: (Why | undefined)[] = [];
  /** For references by uid: the id of the why without. */
  #plain = numbers(Uint32Array, 64).fill(END);
  #uses = numbers(Uint32Array, 64);
  /** A hash table of numbers alone: most whys are references by uid, one for each object, and an entry of a Map takes more than they do. */
  #buckets = new Uint32Array(64).fill(END);
  #next = numbers(Uint32Array, 64);
  readonly #free: number[] = [];
  readonly #lastAt: number[] = [];
  readonly #idle: number[] = [];

  /** As idOf, for the reference at `place` of an object's list: siblings say the same at the same place. */
  idAt(place: number, relation: Relation, path: string, optional: boolean, strength: Strength, uid: string): number {
    const last = this.#lastAt[place] ?? 0;
    if (this.#is(last, relation, path, optional, strength, uid)) return last;
    const id = this.idOf(relation, path, optional, strength, uid);
    if (place < PLACES) this.#lastAt[place] = id;
    return id;
  }

  /** The id of this why, made where it is new. It must be held before the next sweep. */
  idOf(relation: Relation, path: string, optional: boolean, strength: Strength, uid: string): number {
    const hash = hashOf(relation, path, uid === '' ? 0 : this.uids.hash(uid));
    for (let id = this.#first(hash); id !== END; id = this.#next[id] ?? END)
      if (this.#is(id, relation, path, optional, strength, uid)) return id;
    const plain = uid === '' ? END : this.idOf(relation, path, optional, strength, '');
    const id = this.#free.pop() ?? this.#whys.length;
    // A text that was put together holds its parts as well: a copy does not.
    this.#whys[id] =
      plain === END ? { relation, path: Buffer.from(path).toString(), optional, strength, uid } : this.#known(plain);
    this.#reserve(id + 1);
    this.#plain[id] = plain;
    if (plain !== END) {
      this.hold(plain);
      this.uids.set(id, uid);
    }
    this.#uses[id] = 0;
    this.#file(id, hash);
    if (this.#whys.length > this.#buckets.length) this.#widen();
    return id;
  }

  isByUid(id: number): boolean {
    return this.#plain[id] !== END;
  }

  relationOf(id: number): Relation {
    return this.#known(id).relation;
  }

  get(id: number): Why {
    const why = this.#known(id);
    return this.isByUid(id) ? new WhyByUid(why, this.uids, id) : why;
  }

  hold(id: number): void {
    this.#uses[id] = (this.#uses[id] ?? 0) + 1;
  }

  release(id: number): void {
    const left = (this.#uses[id] ?? 0) - 1;
    this.#uses[id] = left;
    if (left === 0) this.#idle.push(id);
  }

  /** Forgets those that nobody holds any more, and with the last by uid the one without. Between two sweeps an id may be let go and held again. */
  sweep(): void {
    for (const id of this.#idle) this.#forget(id);
    this.#idle.length = 0;
  }

  #forget(id: number): void {
    const why = this.#whys[id];
    if (why === undefined || (this.#uses[id] ?? 0) > 0) return;
    this.#unfile(id, this.#hashAt(id, why));
    this.#whys[id] = undefined;
    if (this.isByUid(id)) {
      this.uids.forget(id);
      this.release(this.#plain[id] ?? END);
    }
    this.#free.push(id);
  }

  get size(): number {
    return this.#whys.length - this.#free.length;
  }

  #known(id: number): Why {
    const why = this.#whys[id];
    if (why === undefined) throw new Error(`graph: no why ${id}`);
    return why;
  }

  #is(id: number, relation: Relation, path: string, optional: boolean, strength: Strength, uid: string): boolean {
    const why = this.#whys[id];
    if (why === undefined || why.relation !== relation || why.path !== path) return false;
    if (why.optional !== optional || why.strength !== strength) return false;
    return this.isByUid(id) ? this.uids.has(id, uid) : uid === '';
  }

  #reserve(count: number): void {
    this.#uses = grown(this.#uses, count);
    this.#next = grown(this.#next, count);
    this.#plain = grown(this.#plain, count);
    this.uids.reserve(count);
  }

  #hashAt(id: number, { relation, path }: Why): number {
    return hashOf(relation, path, this.isByUid(id) ? this.uids.hashAt(id) : 0);
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
    for (const [id, why] of this.#whys.entries()) if (why !== undefined) this.#file(id, this.#hashAt(id, why));
  }
}

function hashOf(relation: Relation, path: string, uidHash: number): number {
  return textHash(path, relation.id.length) ^ uidHash;
}
