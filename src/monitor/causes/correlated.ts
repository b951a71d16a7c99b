import { node as nodeProjection } from '../../graph/project/node.ts';
import { poolOf } from '../../graph/project/node-pool.ts';
import type { GraphView, NodeId } from '../../graph/types.ts';
import type { ObjectName } from '../types.ts';
import { groupBy } from './group-by.ts';
import { idOf, keyOf } from './names.ts';

export interface NodeGroup {
  /** `node pool burst`, `zone eu-1a`. */
  name: string;
  /** The first of them by name: where to look first. */
  leader: ObjectName;
  members: readonly ObjectName[];
}

/** What the node controller takes for trouble of a whole zone (kube-controller-manager --unhealthy-zone-threshold): this share of its nodes … */
const SHARE = 0.55;
/** … and no fewer than so many; all that there are, from two on. */
const FEWEST = 3;

/** Nodes in trouble that are most of a pool, or else of a zone: one thing has happened to all of them. */
export function nodeGroups(view: GraphView, nodes: readonly ObjectName[]): readonly NodeGroup[] {
  const left = new Map(nodes.map((node) => [keyOf(node), node]));
  const groups: NodeGroup[] = [];
  for (const nameOf of [poolName, zoneName]) {
    const byName = groupBy(left.values(), (node) => nameOf(view, idOf(view, node)) ?? '');
    byName.delete('');
    const sizes = sizesOf(view, byName.keys(), nameOf);
    for (const [name, members] of byName) {
      members.sort((a, b) => (a.name < b.name ? -1 : 1));
      const [leader] = members;
      if (leader === undefined || !isMost(members.length, sizes.get(name) ?? 0)) continue;
      groups.push({ name, leader, members });
      for (const member of members) left.delete(keyOf(member));
    }
  }
  return groups;
}

const isMost = (count: number, of: number) => count >= 2 && (count >= of || (count >= FEWEST && count / of >= SHARE));

type NameOf = (view: GraphView, node: NodeId | undefined) => string | undefined;

/** How many nodes there are of each name. */
function sizesOf(view: GraphView, names: Iterable<string>, nameOf: NameOf): ReadonlyMap<string, number> {
  const sizes = new Map([...names].map((name) => [name, 0]));
  if (sizes.size === 0) return sizes;
  view.eachOfKind('Node', '', (id) => {
    const name = nameOf(view, id) ?? '';
    const size = sizes.get(name);
    if (size !== undefined) sizes.set(name, size + 1);
    return undefined;
  });
  return sizes;
}

function poolName(view: GraphView, id: NodeId | undefined): string | undefined {
  const pool = id === undefined ? undefined : poolOf(view.node(id).labels);
  return pool === undefined ? undefined : `node pool ${pool}`;
}

function zoneName(view: GraphView, id: NodeId | undefined): string | undefined {
  const zone = id === undefined ? undefined : nodeProjection.of(view.node(id))?.zone;
  return zone === undefined || zone === '' ? undefined : `zone ${zone}`;
}
