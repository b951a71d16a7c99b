/** The graph's store by itself: bytes and microseconds per pod, and walks next to a graph library on the same graph. */
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MultiDirectedGraph } from 'graphology';
import { createGraph } from '../src/graph/create-graph.ts';
import { createIntern } from '../src/graph/intern.ts';
import { createProjector } from '../src/graph/project/projector.ts';
import { CORE_RELATIONS } from '../src/graph/relations/core/index.ts';
import type { Change, Graph, GraphView, NodeId, Projected, Relation } from '../src/graph/types.ts';
import { backdrop, LARGE, type Made, podAgain, pods } from './graph-cluster.ts';
import { quantile, renderSamples, type Sample, type Target } from './table.ts';

const OURS = 'k8s-mcp';
const RIVAL = 'graphology';
/** As a list page brings them. */
const PAGE = 500;

/** DESIGN.md §9 and issue 6. */
export const GRAPH_STORE_TARGETS: readonly Target[] = [
  { measure: 'graph: retained per pod, all indexes', limit: 1024 },
  { measure: 'graph: apply and link one pod', limit: 25 },
  { measure: 'graph: status update of one pod', limit: 10 },
];

export function measureGraphStore(): Sample[] {
  return [...measureCluster(), ...measureWalks()];
}

const sample = (measure: string, unit: string, value: number, contender = OURS): Sample => ({
  measure: `graph: ${measure}`,
  unit,
  contender,
  value,
});

function measureCluster(): Sample[] {
  const graph = createGraph();
  const projector = createProjector(createIntern(), CORE_RELATIONS);
  const project = ({ object, resource }: Made): Projected => projector.project(object, resource);
  fill(graph, backdrop(LARGE), project);
  const before = heldBytes();
  const { count, micros } = fill(graph, pods(LARGE), project);
  const perPod = (heldBytes() - before) / count;
  const projecting = timed(pods({ ...LARGE, namespaces: 20 }), project);
  const memory = graph.memory();
  const { totals } = graph.view();
  return [
    sample('retained per pod, all indexes', 'B', perPod),
    sample('own estimate / truth', '', memory.total / heldBytes()),
    sample('estimate of kind Pod per pod', 'B', (memory.byKind.get('Pod') ?? 0) / count),
    sample('nodes', '', totals.nodes),
    sample('edges', '', totals.edges),
    sample('project one pod', 'us', projecting),
    sample('apply and link one pod', 'us', micros / count),
    sample('status update of one pod', 'us', updateMicros(graph, project)),
    sample('recreate one pod (delete, new uid)', 'us', recreateMicros(graph, project)),
  ];
}

function fill(graph: Graph, made: Iterable<Made>, project: (made: Made) => Projected) {
  let count = 0;
  let micros = 0;
  let page: Change[] = [];
  const flush = () => {
    const start = cpuMicros();
    graph.apply(page);
    micros += cpuMicros() - start;
    page = [];
  };
  for (const one of made) {
    page.push({ type: 'upsert', object: project(one) });
    count++;
    if (page.length === PAGE) flush();
  }
  flush();
  return { count, micros };
}

function timed(made: Iterable<Made>, project: (made: Made) => Projected): number {
  const all = [...made];
  const start = cpuMicros();
  for (const one of all) project(one);
  return (cpuMicros() - start) / all.length;
}

const UPDATES = 20_000;

/** Projected in pages, so that the collector's work for objects that wait here is not counted. */
function updateMicros(graph: Graph, project: (made: Made) => Projected): number {
  let micros = 0;
  for (let from = 0; from < UPDATES; from += PAGE) {
    const changes = Array.from({ length: PAGE }, (_, i): Change => {
      return { type: 'upsert', object: project(podAgain(LARGE, ((from + i) * 7) % 150_000, 1)) };
    });
    micros += applyOneByOne(graph, changes) * PAGE;
  }
  return micros / UPDATES;
}

function recreateMicros(graph: Graph, project: (made: Made) => Projected): number {
  const changes = Array.from({ length: UPDATES }, (_, i): Change[] => {
    const object = project(podAgain(LARGE, (i * 11) % 150_000, 2));
    return [
      { type: 'delete', kind: object.kind, namespace: object.namespace, name: object.name, uid: '' },
      { type: 'upsert', object: { ...object, uid: object.uid.replace(/^./, 'f') } },
    ];
  });
  const start = cpuMicros();
  for (const change of changes) graph.apply(change);
  return (cpuMicros() - start) / changes.length;
}

function applyOneByOne(graph: Graph, changes: readonly Change[]): number {
  const start = cpuMicros();
  for (const change of changes) graph.apply([change]);
  return (cpuMicros() - start) / changes.length;
}

const NODES = 100_000;
const EDGES_EACH = 3;

/** 100,000 nodes with three edges each, some targets much liked: dataplane.md §4. */
function measureWalks(): Sample[] {
  const random = seeded(42);
  const targets = Array.from({ length: NODES }, () =>
    Array.from({ length: EDGES_EACH }, () => Math.floor(random() ** 3 * NODES)),
  );
  const starts = Array.from({ length: 2000 }, () => Math.floor(random() * NODES));
  const [ours, oursBuild, oursBytes] = built(() => ownGraph(targets));
  const view = ours.view();
  const ids = starts.map((i) => view.find('Thing', 'default', `n${i}`) ?? 0);
  const [rival, rivalBuild, rivalBytes] = built(() => libraryGraph(targets));
  const walkOurs = ownWalk(view, NODES * 2);
  const samples = [
    sample('build 100k nodes, 300k edges', 'ms', oursBuild),
    sample('build 100k nodes, 300k edges', 'ms', rivalBuild, RIVAL),
    sample('bytes per node and 3 edges', 'B', oursBytes / NODES),
    sample('bytes per node and 3 edges', 'B', rivalBytes / NODES, RIVAL),
  ];
  for (const depth of [2, 3]) {
    const own = walks(ids, (id) => walkOurs(id, depth));
    const other = walks(starts, (i) => libraryWalk(rival, `n${i}`, depth));
    if (own.met !== other.met) throw new Error(`walks differ: ${own.met} and ${other.met}`);
    for (const [name, share] of [
      ['p50', 0.5],
      ['p95', 0.95],
    ] as const) {
      samples.push(sample(`BFS-${depth} ${name}`, 'us', quantile(own.micros, share)));
      samples.push(sample(`BFS-${depth} ${name}`, 'us', quantile(other.micros, share), RIVAL));
    }
  }
  return samples;
}

function built<T>(make: () => T): [T, number, number] {
  const before = heldBytes();
  const start = cpuMicros();
  const made = make();
  const ms = (cpuMicros() - start) / 1000;
  return [made, ms, heldBytes() - before];
}

function walks<T>(starts: readonly T[], walk: (start: T) => number): { micros: number[]; met: number } {
  let met = 0;
  for (const start of starts) met += walk(start); // once to warm up
  const micros = starts.map((start) => {
    const begin = performance.now();
    walk(start);
    return (performance.now() - begin) * 1000;
  });
  return { micros, met };
}

/** Nodes within `depth` steps against the edges. */
function ownWalk(view: GraphView, room: number): (start: NodeId, depth: number) => number {
  const seen = new Uint32Array(room);
  const queue = new Uint32Array(room);
  let epoch = 0;
  let end = 0;
  const meet = (id: NodeId): undefined => {
    if (seen[id] === epoch) return;
    seen[id] = epoch;
    queue[end++] = id;
  };
  return (start, depth) => {
    epoch++;
    end = 0;
    meet(start);
    let from = 0;
    for (let level = 0; level < depth; level++) {
      const to = end;
      for (; from < to; from++) view.in(queue[from] ?? 0, meet);
    }
    return end;
  };
}

function libraryWalk(graph: MultiDirectedGraph, start: string, depth: number): number {
  const seen = new Set([start]);
  let level = [start];
  for (let i = 0; i < depth; i++) {
    const next: string[] = [];
    for (const node of level)
      graph.forEachInNeighbor(node, (other) => {
        if (seen.has(other)) return;
        seen.add(other);
        next.push(other);
      });
    level = next;
  }
  return seen.size;
}

const USES: Relation = {
  id: 'thing-thing',
  rows: [],
  verb: 'uses',
  sources: ['Thing'],
  class: 'uses',
  strength: 'hard',
  fields: [],
  references: () => [],
};

function ownGraph(targets: readonly (readonly number[])[]): Graph {
  const graph = createGraph();
  const facts = {};
  targets.forEach((others, i) => {
    const references = others.map((other, at) => ({
      relation: USES,
      // Each its own path, so that none is a repetition of another.
      reference: {
        by: 'name' as const,
        kind: 'Thing',
        namespace: 'default',
        name: `n${other}`,
        path: `spec.uses[${at}]`,
      },
    }));
    const object: Projected = {
      ...{ kind: 'Thing', namespace: 'default', name: `n${i}`, uid: '', resourceVersion: '1', created: 0 },
      ...{ deleting: undefined, labels: {}, health: 'ok', facts, references },
    };
    graph.apply([{ type: 'upsert', object }]);
  });
  return graph;
}

function libraryGraph(targets: readonly (readonly number[])[]): MultiDirectedGraph {
  const graph = new MultiDirectedGraph();
  targets.forEach((_, i) => void graph.addNode(`n${i}`));
  targets.forEach((others, i) => {
    for (const other of others) graph.addEdge(`n${i}`, `n${other}`);
  });
  return graph;
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Processor time of this process, its collector included: a busy machine makes it no longer. */
function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Heap and array buffers, after the garbage is gone. */
function heldBytes(): number {
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(`${renderSamples(measureGraphStore(), GRAPH_STORE_TARGETS, OURS)}\n`);
