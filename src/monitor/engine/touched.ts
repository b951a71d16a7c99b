/** What has been touched, in the graph as it is by now. */
import type { GraphNode, GraphView, NodeId } from '../../graph/types.ts';

/** Where nothing leads on, a changed edge is one of who refers to it (a pod came to a node): no news for the others that do. */
export function leadsOn(id: NodeId, view: GraphView): boolean {
  let found = false;
  view.out(id, () => {
    found = true;
    return false;
  });
  return found;
}

/** Ids of nodes that are gone may still be among the touched. */
export function nodeOf(view: GraphView, id: NodeId): GraphNode | undefined {
  try {
    return view.node(id);
  } catch {
    return undefined;
  }
}
