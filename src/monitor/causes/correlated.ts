import { node as nodeProjection } from '../../graph/project/node.ts';
import type { GraphView } from '../../graph/types.ts';
import type { ObjectName } from '../types.ts';
import { idOf, keyOf } from './names.ts';

/** Last part of the labels by which providers and people name pools: `karpenter.sh/nodepool`, `example.com/pool`. */
const POOL_WORDS = new Set(['pool', 'nodepool', 'node-pool', 'gke-nodepool', 'agentpool', 'nodegroup', 'node-group']);

export interface NodeGroup {
  /** `node pool burst`, `zone eu-1a`. */
  name: string;
  /** The first of them by name: where to look first. */
  leader: ObjectName;
  members: readonly ObjectName[];
}

/** Nodes in trouble that have their pool in common, or else their zone: one thing has happened to all of them. */
export function nodeGroups(view: GraphView, nodes: readonly ObjectName[]): readonly NodeGroup[] {
  const left = new Map(nodes.map((node) => [keyOf(node), node]));
  const groups: NodeGroup[] = [];
  for (const nameOf of [poolOf, zoneOf]) {
    const byName = new Map<string, ObjectName[]>();
    for (const node of left.values()) {
      const name = nameOf(view, node);
      if (name !== undefined) byName.set(name, [...(byName.get(name) ?? []), node]);
    }
    for (const [name, members] of byName) {
      members.sort((a, b) => (a.name < b.name ? -1 : 1));
      const [leader] = members;
      if (members.length < 2 || leader === undefined) continue;
      groups.push({ name, leader, members });
      for (const member of members) left.delete(keyOf(member));
    }
  }
  return groups;
}

function poolOf(view: GraphView, object: ObjectName): string | undefined {
  const id = idOf(view, object);
  if (id === undefined) return undefined;
  for (const [key, value] of Object.entries(view.node(id).labels)) {
    if (POOL_WORDS.has(key.slice(key.lastIndexOf('/') + 1))) return `node pool ${value}`;
  }
  return undefined;
}

function zoneOf(view: GraphView, object: ObjectName): string | undefined {
  const id = idOf(view, object);
  const zone = id === undefined ? undefined : nodeProjection.of(view.node(id))?.zone;
  return zone === undefined || zone === '' ? undefined : `zone ${zone}`;
}
