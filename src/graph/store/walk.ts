import type { NodeId, Why } from '../types.ts';
import { ENTRY } from './adjacency.ts';
import type { GraphStore } from './graph-store.ts';
import type { SelectorUse } from './selector-use.ts';
import { BUNDLE, GROUP, NONE } from './vertices.ts';

export type Visit = (other: NodeId, why: Why) => boolean | undefined;
/** Undefined: everything is seen. */
export type Sees = ((id: NodeId) => boolean) | undefined;
/** Undefined: edges of any reason. */
export type Wants = ((why: Why) => boolean) | undefined;

/** Who walks: whom it tells, what it may see, and which reasons it follows. Asked once for what many edges share. */
export interface Walker {
  visit: Visit;
  sees: Sees;
  wants: Wants;
}

/** Everything that `id` depends on (`forward`), or that depends on it. Allocates nothing but a reason for each edge by uid, unless selectors are evaluated on the way. */
export function walk(store: GraphStore, id: NodeId, forward: boolean, walker: Walker): void {
  const { bundle, group } = store.vertices;
  const ownBundle = bundle[id] ?? NONE;
  const ownGroup = group[id] ?? NONE;
  if (!walkList(store, id, forward, walker)) return;
  if (ownBundle !== NONE && forward && !walkList(store, ownBundle, forward, walker)) return;
  if (ownGroup !== NONE && !walkList(store, ownGroup, forward, walker)) return;
  const uses = store.groups.usesOf.get(id);
  if (uses !== undefined && !walkSelected(store, uses, forward, walker)) return;
  if (ownGroup !== NONE) walkSelectors(store, ownGroup, forward, walker);
}

/** How many edges lead to `id`: from the lengths of lists, unless some of their ends are hidden. More than `most` are not counted on. */
export function countIn(store: GraphStore, id: NodeId, most: number, sees: Sees): number {
  let count = 0;
  const one = (): boolean => {
    count++;
    return count <= most;
  };
  if (sees !== undefined) {
    walk(store, id, false, { visit: one, sees, wants: undefined });
    return count;
  }
  const ownGroup = store.vertices.group[id] ?? NONE;
  count = lengthIn(store, id, most);
  if (ownGroup !== NONE && count <= most) count += lengthIn(store, ownGroup, most);
  const uses = store.groups.usesOf.get(id);
  const walker = { visit: one, sees, wants: undefined };
  if (uses !== undefined && count <= most) walkSelected(store, uses, false, walker);
  if (ownGroup !== NONE && count <= most) walkSelectors(store, ownGroup, false, walker);
  return count;
}

/** Visible ends of the edges that lead to a vertex. */
function lengthIn({ vertices }: GraphStore, vertex: number, most: number): number {
  const { role, members, edges } = vertices;
  const { data } = edges.in;
  const start = edges.in.start(vertex);
  const end = start + edges.in.length(vertex) * ENTRY;
  let count = 0;
  for (let at = start; at < end && count <= most; at += ENTRY) {
    const other = data[at] ?? NONE;
    count += (role[other] ?? 0) < BUNDLE ? 1 : members.length(other);
  }
  return count;
}

function walkList(store: GraphStore, vertex: number, forward: boolean, { visit, sees, wants }: Walker): boolean {
  const { vertices } = store;
  const { role, members, whys } = vertices;
  const list = forward ? vertices.edges.out : vertices.edges.in;
  const { data } = list;
  const start = list.start(vertex);
  const end = start + list.length(vertex) * ENTRY;
  for (let at = start; at < end; at += ENTRY) {
    const other = data[at] ?? NONE;
    const why = whys.get(data[at + 1] ?? 0);
    if (wants !== undefined && !wants(why)) continue;
    if ((role[other] ?? 0) < BUNDLE) {
      if ((sees === undefined || sees(other)) && visit(other, why) === false) return false;
      continue;
    }
    const first = members.start(other);
    const last = first + members.length(other);
    for (let i = first; i < last; i++) {
      const member = members.data[i] ?? NONE;
      if ((sees === undefined || sees(member)) && visit(member, why) === false) return false;
    }
  }
  return true;
}

/** What virtual selectors of an object select. */
function walkSelected(
  store: GraphStore,
  uses: readonly SelectorUse[],
  forward: boolean,
  { visit, sees, wants }: Walker,
): boolean {
  const { members, whys } = store.vertices;
  for (const use of uses) {
    if (!use.virtual || use.inverse === forward) continue;
    const why = whys.get(use.why);
    if (wants !== undefined && !wants(why)) continue;
    const toEnd = store.groups.eachSelected(use, (group) => {
      const first = members.start(group.vertex);
      const last = first + members.length(group.vertex);
      for (let i = first; i < last; i++) {
        const member = members.data[i] ?? NONE;
        if ((sees === undefined || sees(member)) && visit(member, why) === false) return false;
      }
      return true;
    });
    if (!toEnd) return false;
  }
  return true;
}

/** The owners of virtual selectors that select the group. */
function walkSelectors(store: GraphStore, vertex: number, forward: boolean, { visit, sees, wants }: Walker): void {
  const { groups, vertices } = store;
  if (vertices.role[vertex] !== GROUP) return;
  const group = groups.byVertex.get(vertex);
  if (group === undefined) return;
  for (const uses of [group.kind.virtual.get(group.namespace), group.kind.virtualOfAll]) {
    for (const use of uses ?? []) {
      if (use.inverse !== forward) continue;
      const why = vertices.whys.get(use.why);
      if (wants !== undefined && !wants(why)) continue;
      if (!groups.selects(use, group)) continue;
      if (sees !== undefined && !sees(use.owner)) continue;
      if (visit(use.owner, why) === false) return;
    }
  }
}
