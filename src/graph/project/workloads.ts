/** The kinds that keep pods running, read as one. */
import type { WorkloadFacts } from '../facts.ts';
import type { GraphNode, KindProjection } from '../types.ts';
import { daemonSet } from './daemon-set.ts';
import { deployment } from './deployment.ts';
import { replicaSet } from './replica-set.ts';
import { replicationController } from './replication-controller.ts';
import { statefulSet } from './stateful-set.ts';

export const WORKLOADS: readonly KindProjection<WorkloadFacts>[] = [
  deployment,
  replicaSet,
  statefulSet,
  daemonSet,
  replicationController,
];

/** The facts of any of them. */
export function workloadOf(node: GraphNode): WorkloadFacts | undefined {
  return WORKLOADS.find(({ kind }) => kind === node.kind)?.of(node);
}
