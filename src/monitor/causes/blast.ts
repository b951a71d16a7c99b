import { endpointSlice } from '../../graph/project/endpoint-slice.ts';
import { pod } from '../../graph/project/pod.ts';
import { service } from '../../graph/project/service.ts';
import type { GraphNode, GraphView, NodeId } from '../../graph/types.ts';

/** Objects that are counted at most. */
const MOST = 2000;
/** Edges that are followed from one object at most. */
const FAN = 1000;

export interface Blast {
  /** Objects that depend on the roots, hurt or not. */
  objects: number;
  entryPoints: number;
  /** Objects weighted by how much of what they need is gone, 0..1 each. */
  weight: number;
}

/**
 * What depends on `roots` and on what is known to be `hurt` by them, outwards. A Service of which others still answer passes on only the part that is gone; where all answer,
 * nothing.
 */
export function blastOf(view: GraphView, roots: readonly NodeId[], hurt: readonly NodeId[]): Blast {
  const weights = new Map<NodeId, number>([...roots, ...hurt].map((id) => [id, 1]));
  const queue: NodeId[] = [...weights.keys()];
  const atRoot = new Set(roots).size;
  let objects = queue.length - atRoot;
  let weight = objects;
  let entryPoints = queue.slice(atRoot).filter((id) => isEntryPoint(view.node(id))).length;
  for (let at = 0; at < queue.length && objects < MOST; at++) {
    const id = queue[at];
    if (id === undefined) break;
    const passed = weights.get(id) ?? 0;
    let fan = 0;
    view.in(id, (source, why) => {
      if (why.strength === 'informational' || weights.has(source)) return ++fan < FAN;
      const node = view.node(source);
      const share = passed * lossOf(view, node) * (why.strength === 'soft' || why.optional ? 0.5 : 1);
      weights.set(source, share);
      objects++;
      weight += share;
      if (isEntryPoint(node)) entryPoints++;
      if (share > 0.01) queue.push(source);
      return ++fan < FAN && objects < MOST;
    });
  }
  return { objects, entryPoints, weight };
}

/** How much of what a node does is lost when something that it needs is. */
function lossOf(view: GraphView, node: GraphNode): number {
  if (node.kind !== 'Service') return pod.of(node)?.ready === true ? 0.5 : 1;
  const { ready, total } = endpointsOf(view, node.id);
  return total === 0 ? 1 : 1 - ready / total;
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
