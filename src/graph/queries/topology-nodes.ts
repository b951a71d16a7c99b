import { node as nodeKind } from '../project/node.ts';
import { poolOf } from '../project/node-pool.ts';
import type { GraphView, NodeId } from '../types.ts';

export interface NodeSummary {
  id: NodeId;
  name: string;
  zone: string;
  pool: string;
  ready: boolean;
  cordoned: boolean;
  pods: number;
}

/** Nodes of one zone, pool and state. */
export interface NodeGroup {
  nodes: readonly NodeSummary[];
  pods: { least: number; median: number; most: number };
}

/** Those in trouble first, then by name. Pods are not counted yet. */
export function nodeSummaries(view: GraphView): NodeSummary[] {
  const all: NodeSummary[] = [];
  view.eachOfKind('Node', undefined, (id) => {
    const node = view.node(id);
    const facts = nodeKind.of(node);
    all.push({
      id,
      name: node.name,
      zone: facts?.zone ?? '',
      pool: poolOf(node.labels) ?? '',
      ready: facts?.ready === 'True',
      cordoned: facts?.unschedulable === true,
      pods: 0,
    });
    return true;
  });
  return all.sort((a, b) => troubleOf(b) - troubleOf(a) || (a.name < b.name ? -1 : 1));
}

/** Those in trouble first, then the largest. */
export function groupsOf(all: readonly NodeSummary[]): NodeGroup[] {
  const groups = new Map<string, NodeSummary[]>();
  for (const node of all) {
    const key = JSON.stringify([node.ready, node.cordoned, node.zone, node.pool]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [node]);
    else known.push(node);
  }
  // Their order is that of their first nodes, which is that of their trouble.
  const trouble = ({ nodes: [first] }: NodeGroup) => (first === undefined ? 0 : troubleOf(first));
  return [...groups.values()]
    .map((nodes) => ({ nodes, pods: spread(nodes.map(({ pods }) => pods)) }))
    .sort((a, b) => trouble(b) - trouble(a) || b.nodes.length - a.nodes.length);
}

function spread(counts: number[]): NodeGroup['pods'] {
  const sorted = counts.sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? 0;
  return { least: at(0), median: at(Math.floor((sorted.length - 1) / 2)), most: at(sorted.length - 1) };
}

function troubleOf({ ready, cordoned }: NodeSummary): number {
  return (ready ? 0 : 2) + (cordoned ? 1 : 0);
}
