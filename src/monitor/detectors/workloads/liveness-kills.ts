/** Containers that the kubelet kills because their liveness probe (or startup probe) fails. */
import type { Detector } from '../../types.ts';
import { workloadAbove } from './reading/owners.ts';
import { because, OWNERS, onLivePods, WARNING } from './reading/pods.ts';
import { recent, told, toldSince } from './reading/stories.ts';
import { count } from './reading/times.ts';

const KILLED = /^Container (\S+) failed (liveness|startup) probe/;

export const livenessKills: Detector = onLivePods({
  id: 'liveness-kills',
  reads: OWNERS,
  look(seen) {
    const { node, pod } = seen;
    const [killing] = recent(node, seen, 'Killing').filter(({ message }) => KILLED.test(message));
    if (killing === undefined) return undefined;
    const [, name = '', probe = 'liveness'] = KILLED.exec(killing.message) ?? [];
    const restarts = pod.containers.find((container) => container.name === name)?.restarts ?? 0;
    const word = probe === 'liveness' ? 'Liveness' : 'Startup';
    const [unhealthy] = recent(node, seen, 'Unhealthy').filter(({ message }) => message.startsWith(word));
    return {
      key: name,
      severity: WARNING,
      title: `container ${name}: killed by its ${probe} probe${restarts === 0 ? '' : `, ${count(restarts, 'restart')}`}`,
      evidence: [
        told(killing, seen.now),
        ...(unhealthy === undefined ? [] : [told(unhealthy, seen.now)]),
        `restartCount: ${restarts}`,
      ],
      ...toldSince(killing),
      ...because(workloadAbove(node.id, seen.view)?.id),
    };
  },
});
