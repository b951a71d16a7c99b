/** A workload with fewer pods available than it should have. */
import { condition } from '../../../graph/project/conditions.ts';
import type { Detector } from '../../types.ts';
import { DAEMON_SET, DEPLOYMENT, STATEFUL_SET } from './reading/owners.ts';
import { CRITICAL, WARNING } from './reading/pods.ts';
import { MINUTE, short, span } from './reading/times.ts';
import { onWorkloads } from './reading/workloads.ts';

const NONE_LEFT = 2 * MINUTE;
/** A rollout takes pods away one after the other. */
const FEWER = 5 * MINUTE;

export const replicasUnavailable: Detector = onWorkloads({
  id: 'replicas-unavailable',
  kinds: [DEPLOYMENT, STATEFUL_SET, DAEMON_SET],
  look(seen) {
    const { node, workload } = seen;
    const { available, desired, ready, specReplicas } = workload;
    if (specReplicas === 0 || available >= desired) return undefined;
    // Of a DaemonSet it is told which nodes it lacks.
    if (available > 0 && node.kind === DAEMON_SET) return undefined;
    const said = condition(workload.conditions, 'Available');
    const since = said?.status === 'False' ? Math.max(said.since, node.created) : undefined;
    return {
      severity: available === 0 ? CRITICAL : WARNING,
      title: titleOf(available, desired),
      evidence: [
        `status: ${available} available, ${ready} ready, ${desired} wanted`,
        ...(since === undefined
          ? []
          : [`condition Available: False for ${span(seen.now - since)}, ${short(said?.message ?? '')}`]),
      ],
      ...(since === undefined ? {} : { since }),
      holdMs: available === 0 ? NONE_LEFT : FEWER,
    };
  },
});

function titleOf(available: number, desired: number): string {
  if (available > 0) return `${available} of ${desired} pods are available`;
  return desired === 1 ? 'its only pod is not available' : `none of its ${desired} pods is available`;
}
