/** Whether the revision is at fault: its pods fail where those of the one before serve. */
import type { WorkloadFacts } from '../../../../graph/facts.ts';
import { workloadOf } from '../../../../graph/project/workloads.ts';
import type { GraphNode, GraphView, NodeId } from '../../../../graph/types.ts';
import { DEPLOYMENT, ownedBy, ownerOf, REPLICA_SET } from './owners.ts';

export interface Revision {
  node: GraphNode;
  facts: WorkloadFacts;
}

export interface Rollout {
  newest: Revision;
  /** The newest of them first. */
  older: readonly Revision[];
  /** Pods of older revisions that are ready. */
  oldReady: number;
}

export function rolloutOf(deployment: GraphNode, view: GraphView): Rollout | undefined {
  const revisions = ownedBy(deployment.id, REPLICA_SET, view)
    .map((node) => ({ node, facts: workloadOf(node) }))
    .filter((revision): revision is Revision => revision.facts !== undefined)
    .sort((a, b) => Number(b.facts.revision) - Number(a.facts.revision) || b.node.created - a.node.created);
  const [newest, ...older] = revisions;
  if (newest === undefined) return undefined;
  return { newest, older, oldReady: older.reduce((sum, { facts }) => sum + facts.ready, 0) };
}

/** How it is undone, where there is a revision to go back to: the newest that serves, else the one before. Who made the Deployment would do it again. */
export function wayBack({ id, namespace, name }: GraphNode, { older }: Rollout, view: GraphView): { advice?: string } {
  if (ownerOf(id, view) !== undefined) return {};
  const kept = older.filter(({ facts }) => Number(facts.revision) > 0);
  const [before] = kept;
  if (before === undefined) return {};
  const serving = kept.find(({ facts }) => facts.ready > 0) ?? before;
  const undo = `kubectl rollout undo deployment/${name} -n ${namespace}`;
  if (serving === before) return { advice: `${undo} goes back to the revision before` };
  const { revision } = serving.facts;
  return { advice: `${undo} --to-revision=${revision} goes back to revision ${revision}, which serves` };
}

/** The Deployment of a pod whose revision has no ready pod, while older ones have. */
export function faultyRollout(pod: GraphNode, view: GraphView): NodeId | undefined {
  const replicaSet = ownerOf(pod.id, view);
  if (replicaSet?.kind !== REPLICA_SET) return undefined;
  const deployment = ownerOf(replicaSet.id, view);
  if (deployment?.kind !== DEPLOYMENT) return undefined;
  const rollout = rolloutOf(deployment, view);
  if (rollout?.newest.node.id !== replicaSet.id || rollout.oldReady === 0) return undefined;
  return rollout.newest.facts.ready === 0 ? deployment.id : undefined;
}
