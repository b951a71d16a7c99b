/** What may be there beside what was read. */
import { workloadOf } from '../project/workloads.ts';
import type { GraphView, KindKey, NodeId } from '../types.ts';

/** All of a kind in a namespace are in the graph. */
export function isRead(view: GraphView, kind: KindKey, namespace: string): boolean {
  const known = view.kindState(kind);
  if (known.state !== 'synced' && known.state !== 'stale') return false;
  return known.namespaces === undefined || known.namespaces.includes(namespace);
}

/** Pods of `owner` that are ready by its own status, beside the `known` ones: where its Pods were not all read. `unknown`: it has no such status. */
export function unreadPods(view: GraphView, owner: NodeId, known: number): number | 'unknown' {
  const node = view.node(owner);
  if (isRead(view, 'Pod', node.namespace)) return 0;
  const workload = workloadOf(node);
  return workload === undefined ? 'unknown' : Math.max(0, workload.ready - known);
}
