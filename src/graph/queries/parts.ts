/** What belongs to what: a workload and the pods that it keeps are one thing. */
import { pod } from '../project/pod.ts';
import { replicaSet } from '../project/replica-set.ts';
import { service } from '../project/service.ts';
import { WORKLOADS } from '../project/workloads.ts';
import type { GraphView, KindKey, NodeId, Why } from '../types.ts';
import type { Budget } from './budget.ts';
import { isOwnership } from './reasons.ts';
import type { Hit } from './types.ts';

export const SLICE = 'EndpointSlice.discovery.k8s.io';

/** What runs; the devices of a pod; what a Service without a selector consists of. */
const ESSENTIAL: ReadonlySet<KindKey> = new Set([
  'Pod',
  ...WORKLOADS.map(({ kind }) => kind),
  'Job.batch',
  'ResourceClaim.resource.k8s.io',
  SLICE,
]);

/** Parts of one object that are looked through for one that runs. */
const LOOKED_AT = 50;

/** `hit` and what it owns, owners before what they own, as far away as it is. */
export function withParts(view: GraphView, hit: Hit, seen: Set<NodeId>, budget: Budget): Hit[] {
  const all = [hit];
  for (const parent of all) {
    const visit = (id: NodeId, why: Why): boolean => {
      if (!budget.take()) return false;
      if (seen.has(id)) return true;
      seen.add(id);
      all.push({ id, depth: hit.depth, parent, why, direction: 'in', part: true });
      return true;
    };
    view.in(parent.id, visit, isOwnership);
  }
  return all;
}

/** The EndpointSlices of a Service that selects nothing: they alone say what it leads to. */
export function slicesOf(view: GraphView, id: NodeId, visit: (slice: NodeId, why: Why) => boolean): void {
  if (selects(view, id)) return;
  const visitSlice = (slice: NodeId, why: Why) => view.node(slice).kind !== SLICE || visit(slice, why);
  view.in(id, visitSlice, isOwnership);
}

/** Whether a selector says which pods it stands for. */
export function selects(view: GraphView, id: NodeId): boolean {
  const facts = service.of(view.node(id));
  return facts === undefined || Object.keys(facts.selector).length > 0;
}

/** Whether the owner of `id` lives by it: it runs, or what it owns does. A Secret, a ControllerRevision, a Certificate are beside it. */
export function isEssential(view: GraphView, id: NodeId): boolean {
  if (ESSENTIAL.has(view.node(id).kind)) return true;
  let left = LOOKED_AT;
  let found = false;
  const visit = (part: NodeId): boolean => {
    found = ESSENTIAL.has(view.node(part).kind);
    return !found && --left > 0;
  };
  view.in(id, visit, isOwnership);
  return found;
}

/** No part any more: it has ended, or is kept for a way back only (an old ReplicaSet). */
export function isPast(view: GraphView, id: NodeId): boolean {
  const node = view.node(id);
  if (node.health === 'done' || pod.of(node)?.phase === 'Failed') return true;
  return (node.kind === 'Job.batch' && node.health === 'failed') || replicaSet.of(node)?.specReplicas === 0;
}

/** A ReplicaSet that has no pod yet, or none any more. */
export function isEmptySet(view: GraphView, id: NodeId): boolean {
  if (view.node(id).kind !== replicaSet.kind) return false;
  let empty = true;
  const visit = () => {
    empty = false;
    return false;
  };
  view.in(id, visit, isOwnership);
  return empty;
}
