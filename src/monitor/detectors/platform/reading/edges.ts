/** What objects lead to and who leads to them, by what the edges are. */
import type { GraphNode, GraphView, KindKey, NodeId, Why } from '../../../../graph/types.ts';

export interface Lead {
  node: GraphNode;
  why: Why;
}

/** What `id` depends on through relations of these ids. */
export function leads(id: NodeId, view: GraphView, ...relations: string[]): Lead[] {
  const found: Lead[] = [];
  view.out(id, (target, why) => {
    if (relations.includes(why.relation.id)) found.push({ node: view.node(target), why });
    return undefined;
  });
  return found;
}

/** Those of them that are certainly not there. */
export const lost = (id: NodeId, view: GraphView, ...relations: string[]): Lead[] =>
  leads(id, view, ...relations).filter(({ node }) => view.whereabouts(node.id) === 'gone');

/** Whether it is known what there is of these kinds: what may not be listed is not therefore missing. */
export const known = (view: GraphView, ...kinds: KindKey[]): boolean =>
  kinds.every((kind) => {
    const { state } = view.kindState(kind);
    return state === 'synced' || state === 'stale' || state === 'missing';
  });

/** Names of present objects of a kind. */
export function namesOf(kind: KindKey, namespace: string | undefined, view: GraphView): string[] {
  const names: string[] = [];
  view.eachOfKind(kind, namespace, (id) => {
    names.push(view.node(id).name);
    return undefined;
  });
  return names;
}
