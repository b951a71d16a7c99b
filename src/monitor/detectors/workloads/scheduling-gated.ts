/** A pod that somebody holds back from the scheduler, and that is not released. */
import type { Detector } from '../../types.ts';
import { MINOR, onLivePods } from './reading/pods.ts';
import { MINUTE, short, span } from './reading/times.ts';

/** Queues of batch systems hold pods back as a matter of course. */
const LONG = 30 * MINUTE;

export const schedulingGated: Detector = onLivePods({
  id: 'scheduling-gated',
  look(seen) {
    const { node, pod } = seen;
    const gated = pod.conditions.find(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated');
    if (gated === undefined || pod.node !== '') return undefined;
    const since = gated.since || node.created;
    return {
      severity: MINOR,
      title: `held back by a scheduling gate`,
      evidence: [`condition PodScheduled: SchedulingGated for ${span(seen.now - since)}, ${short(gated.message, 200)}`],
      since,
      holdMs: LONG,
    };
  },
});
