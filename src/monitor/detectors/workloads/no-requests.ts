/** Containers without requests: the scheduler places them blindly, and they are evicted first. */
import type { Detector } from '../../types.ts';
import { DAEMON_SET, DEPLOYMENT, STATEFUL_SET } from './reading/owners.ts';
import { HINT } from './reading/pods.ts';
import { onWorkloads } from './reading/workloads.ts';

export const noRequests: Detector = onWorkloads({
  id: 'no-requests',
  class: 'hygiene',
  kinds: [DEPLOYMENT, STATEFUL_SET, DAEMON_SET],
  look({ workload: { template } }) {
    const main = template.containers.filter(({ role }) => role !== 'init');
    const without = main.filter(({ requests }) => requests.cpu === 0 || requests.memory === 0).map(({ name }) => name);
    const unbound = main.filter(({ limits }) => limits.memory === 0).map(({ name }) => name);
    if (without.length === 0 && unbound.length === 0) return undefined;
    return {
      severity: HINT,
      title:
        without.length > 0 ? `no requests for CPU or memory: ${list(without)}` : `no memory limit: ${list(unbound)}`,
      evidence: [
        ...(without.length === 0 ? [] : [`resources.requests of ${list(without)} name not both cpu and memory`]),
        ...(unbound.length === 0 ? [] : [`resources.limits of ${list(unbound)} name no memory`]),
      ],
    };
  },
});

const list = (names: readonly string[]) => names.slice(0, 5).join(', ');
