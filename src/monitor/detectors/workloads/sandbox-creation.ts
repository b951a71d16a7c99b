/** The runtime cannot make the pod's sandbox, most often for its network. */
import type { Detector } from '../../types.ts';
import { CRITICAL, downSince, onLivePods } from './reading/pods.ts';
import { recent, told, toldSince } from './reading/stories.ts';
import { MINUTE, short } from './reading/times.ts';

export const sandboxCreation: Detector = onLivePods({
  id: 'sandbox-creation',
  look(seen) {
    const { pod } = seen;
    const [event] = recent(seen.node, seen, 'FailedCreatePodSandBox', 'FailedPodSandBoxStatus', 'NetworkNotReady');
    if (event === undefined || pod.containers.some(({ state }) => state !== 'waiting')) return undefined;
    const network = /network|cni|ip address|ipam/i.test(event.message) ? ': its network cannot be set up' : '';
    return {
      severity: CRITICAL,
      title: `its sandbox cannot be created${network}`,
      evidence: [told(event, seen.now), ...(pod.node === '' ? [] : [`spec.nodeName: ${short(pod.node)}`])],
      ...toldSince(event, downSince(seen)),
      holdMs: MINUTE,
    };
  },
});
