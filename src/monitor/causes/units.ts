import type { GraphNode, GraphView, NodeId } from '../../graph/types.ts';

/** Owners of owners that are followed: more there never are, but in a circle. */
const DEPTH = 8;
/** Objects of one unit that are looked at. */
const MEMBERS = 500;

/**
 * What is told as one: an object and all that it made, named by the uppermost owner. Pods of a ReplicaSet of a Deployment are the
 * Deployment.
 */
export const unitOf = (view: GraphView, id: NodeId): NodeId => ownersOf(view, id).at(-1) ?? id;

/** The nearest first; ends before a circle closes. */
export function ownersOf(view: GraphView, id: NodeId): readonly NodeId[] {
  const owners: NodeId[] = [];
  let at = ownerOf(view, id);
  while (at !== undefined && at !== id && !owners.includes(at) && owners.length < DEPTH) {
    owners.push(at);
    at = ownerOf(view, at);
  }
  return owners;
}

/** The present owner that its ownerReferences name. A node owns its static pods, and is not to blame for what they do. */
function ownerOf(view: GraphView, id: NodeId): NodeId | undefined {
  let found: NodeId | undefined;
  view.out(id, (target, why) => {
    if (why.strength !== 'ownership' || !why.path.startsWith('metadata.ownerReferences')) return undefined;
    const owner = view.node(target);
    if (owner.state === 'absent' || owner.kind === 'Node') return undefined;
    found = target;
    return false;
  });
  return found;
}

/** All that a unit has made, itself included. */
export function membersOf(view: GraphView, unit: NodeId): readonly NodeId[] {
  const members: NodeId[] = [unit];
  const seen = new Set<NodeId>(members);
  for (let at = 0; at < members.length && members.length < MEMBERS; at++) {
    const owner = members[at];
    if (owner === undefined) break;
    view.in(owner, (source, why) => {
      if (why.strength !== 'ownership' || !why.path.startsWith('metadata.ownerReferences') || seen.has(source)) {
        return undefined;
      }
      seen.add(source);
      members.push(source);
      return members.length < MEMBERS;
    });
  }
  return members;
}

/** Hurt by its own account: worth asking what it depends on. */
export function isHurt(node: GraphNode): boolean {
  return (
    node.state === 'present' && (node.health === 'failed' || node.health === 'warning' || node.health === 'progressing')
  );
}
