import { endpointSlice } from '../../graph/project/endpoint-slice.ts';
import { pod } from '../../graph/project/pod.ts';
import { service } from '../../graph/project/service.ts';
import { workloadOf } from '../../graph/project/workloads.ts';
import type { GraphNode, GraphView, NodeId, Why } from '../../graph/types.ts';

/** Objects that are counted at most. */
const MOST = 2000;
/** Edges that are followed from one object at most. */
const FAN = 1000;

export interface Blast {
  /** Objects that the roots hurt: they have a finding, or lack part of what they need. */
  objects: number;
  entryPoints: number;
  /** Objects weighted by how much of what they need is gone, 0..1 each; what still works and depends on what is gone weighs too. */
  weight: number;
  /** Edges that were looked at. */
  edges: number;
}

/** Less than this share of what it needs is nothing that an object lacks. */
const LEAST = 0.01;
/** What a pod counts for that is ready though something that it needs is gone. */
const AT_RISK = 0.5;

/**
 * What depends on `roots` and on what is known to be `hurt` by them, outwards. A Service of which others still answer passes on only the part that is gone; where all answer,
 * nothing. A pod that is ready only weighs: it is at risk when it starts again. Where no edge may be looked at, what is hurt counts alone.
 */
export function blastOf(
  view: GraphView,
  roots: readonly NodeId[],
  hurt: readonly NodeId[],
  most = Number.POSITIVE_INFINITY,
): Blast {
  const weights = new Map<NodeId, number>(roots.map((id) => [id, lostOf(view.node(id))]));
  const atRoot = weights.size;
  for (const id of hurt) if (!weights.has(id)) weights.set(id, 1);
  const queue: NodeId[] = [...weights.keys()];
  let objects = queue.length - atRoot;
  let weight = objects;
  let entryPoints = queue.slice(atRoot).filter((id) => isEntryPoint(view.node(id))).length;
  let edges = 0;
  for (let at = 0; at < queue.length && objects < MOST && edges < most; at++) {
    const id = queue[at];
    if (id === undefined) break;
    const passed = weights.get(id) ?? 0;
    let fan = 0;
    view.in(id, (source, why) => {
      edges++;
      if (why.strength === 'informational' || weights.has(source)) return ++fan < FAN;
      const node = view.node(source);
      const share = passed * lossOf(view, node, why) * (why.strength === 'soft' || why.optional ? 0.5 : 1);
      if (share < LEAST) return ++fan < FAN;
      weights.set(source, share);
      weight += share;
      if (pod.of(node)?.ready === true) return ++fan < FAN;
      objects++;
      if (isEntryPoint(node)) entryPoints++;
      queue.push(source);
      return ++fan < FAN && objects < MOST;
    });
  }
  return { objects, entryPoints, weight, edges };
}

/** How much of what a node does is lost when something that it needs is. */
function lossOf(view: GraphView, node: GraphNode, why: Why): number {
  if (node.health === 'done') return 0;
  if (why.strength === 'ownership') return missingOf(node);
  if (node.kind !== 'Service') return pod.of(node)?.ready === true ? AT_RISK : 1;
  const { ready, total } = endpointsOf(view, node.id);
  return total === 0 ? 1 : 1 - ready / total;
}

/** A workload of which pods are available still does that part of its work. */
function lostOf(node: GraphNode): number {
  const available = workloadOf(node)?.available ?? 0;
  return available === 0 ? 1 : missingOf(node);
}

/** What an owner's trouble has done to what it made shows on that itself. */
function missingOf(node: GraphNode): number {
  if (pod.of(node)?.ready === true) return 0;
  const workload = workloadOf(node);
  if (workload === undefined) return 1;
  return workload.desired === 0 ? 0 : Math.max(0, 1 - workload.available / workload.desired);
}

/** Endpoints of a Service. One without a port is an address where nobody can be called. */
export function endpointsOf(view: GraphView, id: NodeId): { ready: number; total: number } {
  let [ready, total] = [0, 0];
  const hasPorts = (service.of(view.node(id))?.ports.length ?? 0) > 0;
  view.in(id, (source, why) => {
    if (why.strength === 'ownership' && why.path === 'metadata.ownerReferences') return undefined;
    const slice = endpointSlice.of(view.node(source));
    ready += hasPorts && slice?.ports.length === 0 ? 0 : (slice?.ready ?? 0);
    total += slice?.total ?? 0;
    return undefined;
  });
  return { ready, total };
}

const ENTRY_KINDS = new Set(['Ingress.networking.k8s.io', 'HTTPRoute.gateway.networking.k8s.io']);

/** Where users come in. */
export function isEntryPoint(node: GraphNode): boolean {
  if (ENTRY_KINDS.has(node.kind)) return node.state === 'present';
  const type = service.of(node)?.type;
  return type === 'LoadBalancer' || type === 'NodePort';
}
