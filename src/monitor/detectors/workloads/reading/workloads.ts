/** What detectors of workloads have in common. */
import type { PodFacts, WorkloadFacts } from '../../../../graph/facts.ts';
import { pod as podKind } from '../../../../graph/project/pod.ts';
import { workloadOf } from '../../../../graph/project/workloads.ts';
import type { GraphNode, GraphView, KindKey, NodeId } from '../../../../graph/types.ts';
import type { DetectContext, Detector, Found } from '../../../types.ts';
import { lookWith } from './looking.ts';
import { ownedBy } from './owners.ts';
import { POD } from './pods.ts';

export interface WorkloadInView extends DetectContext {
  node: GraphNode;
  workload: WorkloadFacts;
}

interface WorkloadDetector {
  id: string;
  class?: Detector['class'];
  kinds: readonly KindKey[];
  reads?: readonly KindKey[];
  affected?: (changed: GraphNode, view: GraphView) => Iterable<NodeId>;
  look(seen: WorkloadInView): readonly Found[] | Found | undefined;
}

/** Workloads that are not being deleted and whose controller has seen what is asked of them. */
export function onWorkloads(detector: WorkloadDetector): Detector {
  const { id, class: of = 'incident', kinds, reads = [], affected, look } = detector;
  return {
    id,
    class: of,
    kinds,
    reads,
    ...(affected === undefined ? {} : { affected }),
    detect(node, context) {
      const workload = workloadOf(node);
      if (workload === undefined || node.deleting !== undefined) return [];
      if (workload.observedGeneration < workload.generation) return [];
      return lookWith(context, { node, workload }, look);
    },
  };
}

export interface OwnedPod {
  node: GraphNode;
  pod: PodFacts;
}

/** Its own, without those that go. */
export function podsOf(owner: NodeId, view: GraphView): OwnedPod[] {
  return ownedBy(owner, POD, view).flatMap((node) => {
    const pod = podKind.of(node);
    return pod === undefined || node.deleting !== undefined ? [] : [{ node, pod }];
  });
}

/** Why a pod is not ready, in a word: what its first failing container waits for, or what the scheduler says. */
export function troubleOf({ phase, containers, node, ready }: PodFacts): string | undefined {
  if (ready) return undefined;
  for (const { state, reason, exitCode } of containers) {
    if (state === 'waiting' && reason !== '' && reason !== 'ContainerCreating' && reason !== 'PodInitializing')
      return reason;
    if (state === 'terminated' && exitCode !== 0)
      return reason === '' || reason === 'Error' ? `exit ${exitCode}` : reason;
  }
  if (phase === 'Pending') return node === '' ? 'not scheduled' : 'not started';
  return 'not ready';
}
