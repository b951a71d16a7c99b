/** From a pod to what made it. */
import type { GraphNode, GraphView, KindKey, NodeId } from '../../../../graph/types.ts';

/** What makes pods, and what makes what makes pods. */
export const REPLICA_SET = 'ReplicaSet.apps';
export const DEPLOYMENT = 'Deployment.apps';
export const STATEFUL_SET = 'StatefulSet.apps';
export const DAEMON_SET = 'DaemonSet.apps';
export const JOB = 'Job.batch';
export const CRON_JOB = 'CronJob.batch';

/** Longest chain that is followed: a pod of a ReplicaSet of a Rollout of some operator. */
const MAX_CHAIN = 4;

/** The object that `metadata.ownerReferences` names first. */
export function ownerOf(id: NodeId, view: GraphView): GraphNode | undefined {
  let owner: NodeId | undefined;
  view.out(id, (target, { relation, path }) => {
    if (relation.class !== 'ownedBy' || !path.startsWith('metadata.ownerReferences')) return undefined;
    owner = target;
    return false;
  });
  return owner === undefined ? undefined : view.node(owner);
}

/** The one at the top, that somebody wrote: a Deployment, not its ReplicaSet; a Node for static pods does not count. */
export function workloadAbove(id: NodeId, view: GraphView): GraphNode | undefined {
  let top: GraphNode | undefined;
  let at = ownerOf(id, view);
  for (let step = 0; at !== undefined && at.kind !== 'Node' && step < MAX_CHAIN; step++) {
    top = at;
    if (at.state === 'absent') break;
    at = ownerOf(at.id, view);
  }
  return top;
}

/** Present objects of a kind that it owns. */
export function ownedBy(id: NodeId, kind: KindKey, view: GraphView): GraphNode[] {
  const owned: GraphNode[] = [];
  view.in(id, (source, { relation, path }) => {
    if (relation.class !== 'ownedBy' || !path.startsWith('metadata.ownerReferences')) return undefined;
    const node = view.node(source);
    if (node.kind === kind && node.state === 'present') owned.push(node);
    return undefined;
  });
  return owned;
}

/** For `affected` of detectors that look at workloads and read their pods: everything above what changed. */
export function* above(changed: GraphNode, view: GraphView): Iterable<NodeId> {
  let at = ownerOf(changed.id, view);
  for (let step = 0; at !== undefined && step < MAX_CHAIN; step++) {
    if (at.state === 'absent') return;
    yield at.id;
    at = ownerOf(at.id, view);
  }
}
