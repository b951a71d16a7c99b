import type { Relation, Strength, Why } from '../types.ts';

/** How many references of an object are compared with those of the one before. */
const PLACES = 64;

/** Ids of the whys of one relation: the common ones by path alone, those of references by uid by uid first. */
interface OfRelation {
  plain: Map<string, number>;
  byUid: Map<string, Map<string, number>>;
}

/** Interned reasons of edges, by dense id, counted by their users. */
export class Whys {
  readonly #ids = new Map<Relation, OfRelation>();
  readonly #whys: (Why | undefined)[] = [];
  readonly #uses: number[] = [];
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
    const ids = this.#idsOf(relation, uid);
    const key = keyOf(relation, path, optional, strength);
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = this.#free.pop() ?? this.#whys.length;
    this.#whys[id] = { relation, path, optional, strength, uid };
    this.#uses[id] = 0;
    ids.set(key, id);
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
    const { relation, uid } = why;
    const ids = this.#idsOf(relation, uid);
    ids.delete(keyOf(relation, why.path, why.optional, why.strength));
    if (ids.size === 0 && uid !== '') this.#ids.get(relation)?.byUid.delete(uid);
    this.#whys[id] = undefined;
    this.#free.push(id);
  }

  get size(): number {
    return this.#whys.length - this.#free.length;
  }

  #idsOf(relation: Relation, uid: string): Map<string, number> {
    let ids = this.#ids.get(relation);
    if (ids === undefined) {
      ids = { plain: new Map(), byUid: new Map() };
      this.#ids.set(relation, ids);
    }
    if (uid === '') return ids.plain;
    let ofUid = ids.byUid.get(uid);
    if (ofUid === undefined) {
      ofUid = new Map();
      ids.byUid.set(uid, ofUid);
    }
    return ofUid;
  }
}

/** The path itself in the common case: it is there already, and needs no new string. */
function keyOf(relation: Relation, path: string, optional: boolean, strength: Strength): string {
  return !optional && strength === relation.strength ? path : `${path} ${strength}${optional ? '?' : ''}`;
}
