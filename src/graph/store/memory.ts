import type { KindKey } from '../types.ts';
import type { GraphStore } from './graph-store.ts';

/** Bytes of a record with its entry among the names; facts come on top. */
const RECORD = 350;
const FACTS = 400;

/** What the graph holds in bytes, from counts. */
export function estimate(store: GraphStore): {
  nodes: number;
  edges: number;
  total: number;
  byKind: ReadonlyMap<KindKey, number>;
} {
  const byKind = new Map<KindKey, number>();
  let nodes = 0;
  for (const kind of store.spaces.kinds.values()) {
    let bytes = kind.tally.total * FACTS;
    for (const space of kind.spaces.values()) bytes += space.names.size * RECORD;
    byKind.set(kind.key, bytes);
    nodes += bytes;
  }
  const { edges, columns } = store.vertices.bytes();
  return { nodes, edges, total: nodes + edges + columns + store.events.bytes(), byKind };
}
