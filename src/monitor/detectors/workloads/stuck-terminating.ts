/** A pod that was deleted and does not go. */
import type { Detector } from '../../types.ts';
import { badNodeOf, because, onPods, podsOn, WARNING } from './reading/pods.ts';
import { MINUTE, SECOND, span } from './reading/times.ts';

/** Beyond its own grace: volumes are unmounted, the kubelet tells the API. */
const SLACK = 2 * MINUTE;

export const stuckTerminating: Detector = onPods({
  id: 'stuck-terminating',
  reads: ['Node'],
  affected: podsOn,
  look(seen) {
    const { node, pod } = seen;
    if (node.deleting === undefined) return undefined;
    const bad = badNodeOf(seen);
    const running = pod.containers.filter(({ state }) => state === 'running').map(({ name }) => name);
    return {
      severity: WARNING,
      title: `Terminating and does not go${bad === undefined ? '' : `: Node ${bad.name} does not answer`}`,
      evidence: [
        `metadata.deletionTimestamp: ${span(seen.now - node.deleting)} ago, grace ${span(pod.template.grace * SECOND)}`,
        ...(bad === undefined ? [] : [`Node ${bad.name} is ${bad.state === 'absent' ? 'gone' : 'not ready'}`]),
        running.length === 0
          ? 'no container runs: a finalizer or a volume holds it'
          : `still running: ${running.slice(0, 5).join(', ')}`,
      ],
      since: node.deleting,
      holdMs: pod.template.grace * SECOND + SLACK,
      ...because(bad?.id),
    };
  },
});
