import type { KindKey } from '../types.ts';
import type { GraphStore } from './graph-store.ts';
import type { Kind, NodeRecord } from './record.ts';
import { SizeMeter, textBytes } from './size-meter.ts';
import { NONE } from './vertices.ts';

/** V8 without pointer compression: a record of five fields, its place in the list of records, and its entry among the names (24 to 56). */
const RECORD_BYTES = 64 + 8 + 40;
/** Of all columns together, with the quarter that they grow ahead. */
const COLUMN_BYTES = 90;
/** An edge has an entry of 12 bytes at both ends, in blocks that are three quarters full. */
const EDGE_BYTES = 32;
/** A label group with its labels' key and its entries in two maps; a bundle; a why; a selector. Measured on the cluster of bench/graph-cluster.ts. */
const GROUP_BYTES = 450;
const BUNDLE_BYTES = 200;
const WHY_BYTES = 110;
const USE_BYTES = 600;
/** An empty graph. */
const BASE_BYTES = 100_000;

/** Records looked at: so many neighbours, for these share their parts, in so many places. */
const RUN = 48;
const RUNS = 12;

export interface MemoryEstimate {
  nodes: number;
  edges: number;
  total: number;
  byKind: ReadonlyMap<KindKey, number>;
}

/** Bytes per node of a kind, as last measured. */
interface Measured {
  count: number;
  node: number;
  edges: number;
}

/** What a graph holds in bytes: counts times what a sample of each kind weighs. Samples are taken anew once a kind has grown or shrunk by a quarter. */
export class MemoryMeter {
  readonly #measured = new Map<KindKey, Measured>();

  estimate(store: GraphStore): MemoryEstimate {
    const byKind = new Map<KindKey, number>();
    let nodes = 0;
    for (const kind of store.spaces.kinds.values()) {
      const count = namesIn(kind);
      const measured = this.#measuredOf(store, kind, count);
      nodes += count * measured.node;
      byKind.set(kind.key, Math.round(count * (measured.node + measured.edges)));
    }
    const { groups, bundles, vertices } = store;
    const structure =
      groups.byVertex.size * GROUP_BYTES +
      groups.usesOf.size * USE_BYTES +
      bundles.size * BUNDLE_BYTES +
      vertices.whys.size * WHY_BYTES;
    const edges = vertices.bytes() + structure;
    return {
      nodes: Math.round(nodes),
      edges,
      total: Math.round(BASE_BYTES + nodes + edges + store.events.bytes()),
      byKind,
    };
  }

  #measuredOf(store: GraphStore, kind: Kind, count: number): Measured {
    const known = this.#measured.get(kind.key);
    if (known !== undefined && Math.abs(known.count - count) * 4 <= known.count) return known;
    const measured = { count, ...sample(store, kind) };
    this.#measured.set(kind.key, measured);
    return measured;
  }
}

function namesIn(kind: Kind): number {
  let count = 0;
  for (const space of kind.spaces.values()) count += space.names.size;
  return count;
}

function sample(store: GraphStore, kind: Kind): { node: number; edges: number } {
  let [count, node, edges] = [0, 0, 0];
  for (const run of runsOf(kind)) {
    const meter = new SizeMeter();
    const vertices = new Set<number>();
    for (const record of run) {
      count++;
      node +=
        RECORD_BYTES + COLUMN_BYTES + textBytes(record.name) + meter.bytes(record.facts) + meter.bytes(record.labels);
      edges += edgeBytes(store, record, vertices);
    }
  }
  return count === 0 ? { node: 0, edges: 0 } : { node: node / count, edges: edges / count };
}

/** Its own edges, and those of its bundle and group if they were not met before. */
function edgeBytes(store: GraphStore, record: NodeRecord, met: Set<number>): number {
  const { edges, bundle, group } = store.vertices;
  let bytes = edges.out.length(record.id) * EDGE_BYTES;
  bytes += (store.groups.usesOf.get(record.id)?.length ?? 0) * USE_BYTES;
  for (const [vertex, own] of [
    [bundle[record.id] ?? NONE, BUNDLE_BYTES],
    [group[record.id] ?? NONE, GROUP_BYTES],
  ] as const) {
    if (vertex === NONE || met.has(vertex)) continue;
    met.add(vertex);
    bytes += own + edges.out.length(vertex) * EDGE_BYTES;
  }
  return bytes;
}

/** Neighbours in a list came one after the other, and siblings are neighbours. */
function* runsOf(kind: Kind): Generator<NodeRecord[]> {
  const spaces = [...kind.spaces.values()];
  const runs = Math.min(RUNS, spaces.length);
  for (let i = 0; i < runs; i++) {
    const space = spaces[Math.floor((i * spaces.length) / runs)];
    const wanted = spaces.length === 1 ? RUN * RUNS : RUN;
    const run: NodeRecord[] = [];
    for (const record of space?.names.values() ?? []) {
      run.push(record);
      if (run.length === wanted) break;
    }
    yield run;
  }
}
