import { NodeRecord } from './record.ts';
import type { Touches } from './touches.ts';
import { GHOST, NONE, type Vertices } from './vertices.ts';

/**
 * References by uid. They lead to the node of the name while it is absent or has that uid; while it is present with another one they
 * lead to a ghost of the name: an absent node per uid, which names do not find.
 */
export class Ghosts {
  readonly #vertices: Vertices;
  readonly #touches: Touches;
  readonly #ofBase = new Map<number, number[]>();
  readonly #bases = new Map<number, { base: number; uid: string }>();

  constructor(vertices: Vertices, touches: Touches) {
    this.#vertices = vertices;
    this.#touches = touches;
  }

  readonly baseOf = (vertex: number): number =>
    this.#vertices.role[vertex] === GHOST ? (this.#bases.get(vertex)?.base ?? NONE) : vertex;

  /** Where an edge with this why that means `base` leads now. */
  targetOf(base: number, why: number): number {
    const { columns, records, whys } = this.#vertices;
    if (!whys.isByUid(why)) return base;
    const record = records[base];
    const itself = record === undefined || !columns.isPresent(base) || columns.uids.same(base, whys.uids, why);
    return itself ? base : this.#ghostOf(record, whys.uids.get(why));
  }

  /** After the node came, went or got another uid. */
  rehome(base: number): void {
    this.#move(base, base);
    for (const ghost of [...(this.#ofBase.get(base) ?? [])]) this.#move(ghost, base);
  }

  /** Of a ghost that nothing refers to any more. */
  forget(ghost: number): void {
    const base = this.baseOf(ghost);
    const others = (this.#ofBase.get(base) ?? []).filter((other) => other !== ghost);
    if (others.length > 0) this.#ofBase.set(base, others);
    else this.#ofBase.delete(base);
    this.#bases.delete(ghost);
    this.#vertices.release(ghost);
  }

  /** Those that nothing refers to any more, of this node. */
  idleOf(base: number): number[] {
    return (this.#ofBase.get(base) ?? []).filter((ghost) => this.#vertices.edges.isLone(ghost));
  }

  #ghostOf(record: NodeRecord, uid: string): number {
    const ghosts = this.#ofBase.get(record.id) ?? [];
    const known = ghosts.find((ghost) => this.#bases.get(ghost)?.uid === uid);
    if (known !== undefined) return known;
    const ghost = this.#vertices.allocate(GHOST);
    this.#vertices.records[ghost] = new NodeRecord(ghost, record.space, record.name);
    this.#bases.set(ghost, { base: record.id, uid });
    this.#ofBase.set(record.id, [...ghosts, ghost]);
    return ghost;
  }

  /** Moves the edges by uid that end here to where they lead now: of others to this node, and inverse ones from it. */
  #move(here: number, base: number): void {
    const { edges, whys } = this.#vertices;
    for (let i = edges.in.length(here) - 1; i >= 0; i--) {
      const at = edges.in.at(here, i);
      const [source, why] = [edges.in.data[at] ?? NONE, edges.in.data[at + 1] ?? 0];
      if (!whys.isByUid(why) || whys.relationOf(why).inverse === true) continue;
      const target = this.targetOf(base, why);
      if (target === here) continue;
      this.#vertices.unlinkIn(here, i);
      this.#vertices.link(source, target, why);
      this.#tell(source, base);
    }
    for (let i = edges.out.length(here) - 1; i >= 0; i--) {
      const at = edges.out.at(here, i);
      const [target, why] = [edges.out.data[at] ?? NONE, edges.out.data[at + 1] ?? 0];
      if (!whys.isByUid(why) || whys.relationOf(why).inverse !== true) continue;
      const source = this.targetOf(base, why);
      if (source === here) continue;
      this.#vertices.unlinkOut(here, i);
      this.#vertices.link(source, target, why);
      this.#tell(target, base);
    }
  }

  #tell(other: number, base: number): void {
    this.#touches.end(other);
    this.#touches.end(base);
  }
}
