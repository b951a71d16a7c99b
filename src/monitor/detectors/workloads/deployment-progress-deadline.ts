/** A rollout that its controller has given up waiting for. */
import { condition, isTrue } from '../../../graph/project/conditions.ts';
import type { Detector } from '../../types.ts';
import { DEPLOYMENT, REPLICA_SET } from './reading/owners.ts';
import { CRITICAL, WARNING } from './reading/pods.ts';
import { rolloutOf, wayBack } from './reading/revisions.ts';
import { short, span } from './reading/times.ts';
import { onWorkloads, type WorkloadInView } from './reading/workloads.ts';

export const deploymentProgressDeadline: Detector = onWorkloads({
  id: 'deployment-progress-deadline',
  kinds: [DEPLOYMENT],
  reads: [REPLICA_SET],
  look(seen) {
    const { workload } = seen;
    const progress = condition(workload.conditions, 'Progressing');
    if (progress?.status !== 'False' || progress.reason !== 'ProgressDeadlineExceeded') return undefined;
    if (workload.specReplicas === 0) return undefined;
    const { available, desired, updated } = workload;
    return {
      severity: available === 0 ? CRITICAL : WARNING,
      title: `its rollout exceeded its progress deadline: ${available} of ${desired} available`,
      evidence: [
        `condition Progressing: ProgressDeadlineExceeded for ${span(seen.now - progress.since)}, ${short(progress.message, 200)}`,
        `status: ${updated} updated, ${available} available, ${desired} wanted`,
        `spec.progressDeadlineSeconds: ${workload.progressDeadline}`,
      ],
      since: progress.since,
      ...undoing(seen),
    };
  },
});

/** Going back gets no pods where none may be created, and kubectl refuses it while a Deployment is paused. */
function undoing({ node, workload, view }: WorkloadInView): { advice?: string } {
  if (workload.paused || isTrue(workload.conditions, 'ReplicaFailure')) return {};
  const rollout = rolloutOf(node, view);
  return rollout === undefined ? {} : wayBack(node, rollout, view);
}
