/** A rollout that its controller has given up waiting for. */
import { condition } from '../../../graph/project/conditions.ts';
import type { Detector } from '../../types.ts';
import { DEPLOYMENT } from './reading/owners.ts';
import { CRITICAL, WARNING } from './reading/pods.ts';
import { short, span } from './reading/times.ts';
import { onWorkloads } from './reading/workloads.ts';

export const deploymentProgressDeadline: Detector = onWorkloads({
  id: 'deployment-progress-deadline',
  kinds: [DEPLOYMENT],
  look(seen) {
    const { node, workload } = seen;
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
      advice: `kubectl rollout undo deployment/${node.name} -n ${node.namespace} goes back to the revision before`,
    };
  },
});
