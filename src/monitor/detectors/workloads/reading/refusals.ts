/** Who is to have pods and gets none, and since when. */
import { condition } from '../../../../graph/project/conditions.ts';
import { job as jobKind } from '../../../../graph/project/job.ts';
import { workloadOf } from '../../../../graph/project/workloads.ts';
import type { EventFacts, GraphNode, GraphView } from '../../../../graph/types.ts';
import { toldSince } from './stories.ts';
import { podsOf } from './workloads.ts';

export function lacksPods(node: GraphNode): boolean {
  const workload = workloadOf(node);
  if (workload !== undefined) return workload.current < workload.desired;
  const job = jobKind.of(node);
  return job !== undefined && !job.suspended && job.active === 0 && job.completed === 0 && job.conditions.length === 0;
}

/** Its condition knows best; without one it is the event, and what was created since then shows that it could be. */
export function refusedSince(node: GraphNode, event: EventFacts | undefined, view: GraphView): { since?: number } {
  const failed = condition(workloadOf(node)?.conditions ?? [], 'ReplicaFailure');
  if (failed?.status === 'True' && failed.since > 0) return { since: failed.since };
  if (event === undefined) return {};
  const newest = podsOf(node.id, view).reduce((last, { node: { created } }) => Math.max(last, created), 0);
  return toldSince(event, newest);
}
