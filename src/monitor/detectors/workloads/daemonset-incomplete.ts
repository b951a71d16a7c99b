/** A DaemonSet that does not run on all its nodes, or runs where it should not. */
import type { NodeId } from '../../../graph/types.ts';
import type { Detector } from '../../types.ts';
import { above, DAEMON_SET } from './reading/owners.ts';
import { badNodeOf, because, MINOR, POD, WARNING } from './reading/pods.ts';
import { count, MINUTE } from './reading/times.ts';
import { onWorkloads, podsOf, troubleOf } from './reading/workloads.ts';

const HOLD = 5 * MINUTE;

export const daemonSetIncomplete: Detector = onWorkloads({
  id: 'daemonset-incomplete',
  kinds: [DAEMON_SET],
  reads: [POD],
  affected: above,
  look(seen) {
    const { node, workload, view } = seen;
    const { desired, available, misscheduled } = workload;
    const missing = desired - available;
    if (missing <= 0 && misscheduled === 0) return undefined;
    const down = missing <= 0 ? [] : podsOf(node.id, view).filter(({ pod }) => !pod.ready);
    const nodes = new Set<NodeId | undefined>(down.map(({ pod }) => badNodeOf({ view, pod })?.id));
    const [only] = nodes;
    return {
      severity: missing > 0 ? WARNING : MINOR,
      title:
        missing > 0
          ? `missing on ${count(missing, 'node')} of ${desired}`
          : `runs on ${count(misscheduled, 'node')} where it should not`,
      evidence: [
        `status: ${available} available, ${desired} wanted, ${misscheduled} misscheduled`,
        ...down
          .slice(0, 3)
          .map(
            ({ node: { name }, pod }) =>
              `Pod ${name}: ${troubleOf(pod) ?? ''}${pod.node === '' ? '' : `, on ${pod.node}`}`,
          ),
      ],
      holdMs: HOLD,
      ...because(nodes.size === 1 && missing > 0 ? only : undefined),
    };
  },
});
