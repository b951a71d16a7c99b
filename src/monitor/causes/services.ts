import { service } from '../../graph/project/service.ts';
import { workloadOf } from '../../graph/project/workloads.ts';
import type { GraphView, NodeId } from '../../graph/types.ts';
import { endpointsOf } from './blast.ts';

/** Workloads whose pods a Service may mean. */
const WORKLOADS = ['StatefulSet.apps', 'Deployment.apps', 'DaemonSet.apps', 'ReplicaSet.apps'] as const;

/** Whether nobody answers at a Service that selects pods: it has slices, or should have, and none of its endpoints is ready. */
export function isDown(view: GraphView, id: NodeId): boolean {
  const node = view.node(id);
  const facts = service.of(node);
  if (facts === undefined || Object.keys(facts.selector).length === 0) return false;
  if (view.kindState('EndpointSlice.discovery.k8s.io').state !== 'synced') return false;
  return endpointsOf(view, id).ready === 0;
}

/** The workload whose pods a Service selects, found by its template: its pods may all be gone. */
export function workloadBehind(view: GraphView, id: NodeId): NodeId | undefined {
  const node = view.node(id);
  const facts = service.of(node);
  if (facts === undefined) return undefined;
  const wanted = Object.entries(facts.selector);
  if (wanted.length === 0) return undefined;
  let found: NodeId | undefined;
  for (const kind of WORKLOADS) {
    view.eachOfKind(kind, node.namespace, (candidate) => {
      const workload = workloadOf(view.node(candidate));
      if (workload === undefined || workload.specReplicas !== 0) return undefined;
      if (!wanted.every(([key, value]) => workload.templateLabels[key] === value)) return undefined;
      found = candidate;
      return false;
    });
    if (found !== undefined) return found;
  }
  return undefined;
}
