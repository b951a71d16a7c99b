import type { NodeId, Touched } from '../types.ts';
import { BUNDLE, GROUP, NONE, type Vertices } from './vertices.ts';

/** Members of one label group that are told of a selector. Of references all are told: each may wait for what came. */
export const MAX_SELECTED = 1000;

/** Gathers what a generation changes, for those who listen. */
export class Touches {
  /** Nobody listens: nothing is gathered. */
  wanted = false;
  nodes = new Set<NodeId>();
  edges = new Set<NodeId>();
  unchanged = new Set<NodeId>();
  readonly #vertices: Vertices;

  constructor(vertices: Vertices) {
    this.#vertices = vertices;
  }

  node(id: NodeId): void {
    if (this.wanted) this.nodes.add(id);
  }

  /** It came anew, and is what it was. */
  same(id: NodeId): void {
    if (this.wanted) this.unchanged.add(id);
  }

  /** The node at the other end of an edge; of a bundle or group its members. */
  end(vertex: number): void {
    if (!this.wanted) return;
    const role = this.#vertices.role[vertex] ?? 0;
    if (role < BUNDLE) this.edges.add(vertex);
    else this.members(vertex, role === GROUP ? MAX_SELECTED : Number.POSITIVE_INFINITY);
  }

  /** The other ends of all edges of a vertex, both ways. */
  ends(vertex: number): void {
    if (!this.wanted) return;
    for (const list of [this.#vertices.edges.out, this.#vertices.edges.in])
      for (let i = list.length(vertex) - 1; i >= 0; i--) this.end(list.data[list.at(vertex, i)] ?? NONE);
  }

  /** Adds at most `limit` members, and says how many. */
  members(vertex: number, limit: number): number {
    const { members } = this.#vertices;
    const count = Math.min(members.length(vertex), limit);
    for (let i = 0; i < count; i++) this.edges.add(members.data[members.start(vertex) + i] ?? NONE);
    return count;
  }

  /** Hands over what was gathered and begins anew. */
  take(generation: number): Touched {
    const touched = { generation, nodes: this.nodes, edges: this.edges, unchanged: this.unchanged };
    this.nodes = new Set();
    this.edges = new Set();
    this.unchanged = new Set();
    return touched;
  }
}
