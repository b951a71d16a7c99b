import type { GraphView, NodeId } from '../types.ts';
import type { Hub } from './types.ts';

/** What more references lead to is named, and not followed. */
const MANY = 200;

/**
 * Whether two things have little to do with each other for both naming `id`: what belongs to the cluster and is used by several (a Node,
 * an image, a PriorityClass), or what very much names.
 */
export function isHub(view: GraphView, id: NodeId): boolean {
  const most = view.node(id).namespace === '' ? 1 : MANY;
  return view.dependents(id, most) > most;
}

export function hubOf(view: GraphView, id: NodeId): Hub {
  return { id, degree: view.dependents(id, Number.POSITIVE_INFINITY) };
}
