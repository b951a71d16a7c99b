/** Since when pods of something cannot be created. */
import { condition } from '../../../../graph/project/conditions.ts';
import { workloadOf } from '../../../../graph/project/workloads.ts';
import type { EventFacts, GraphNode, GraphView } from '../../../../graph/types.ts';
import { toldSince } from './stories.ts';
import { podsOf } from './workloads.ts';

/** Its condition knows best; without one it is the event, and what was created since then shows that it could be. */
export function refusedSince(node: GraphNode, event: EventFacts | undefined, view: GraphView): { since?: number } {
  const failed = condition(workloadOf(node)?.conditions ?? [], 'ReplicaFailure');
  if (failed?.status === 'True' && failed.since > 0) return { since: failed.since };
  if (event === undefined) return {};
  const newest = podsOf(node.id, view).reduce((last, { node: { created } }) => Math.max(last, created), 0);
  return toldSince(event, newest);
}
