/** Pods behind a Service that never say whether they are ready. */
import type { Detector } from '../../types.ts';
import { DEPLOYMENT, STATEFUL_SET } from './reading/owners.ts';
import { HINT } from './reading/pods.ts';
import { onWorkloads } from './reading/workloads.ts';

export const noProbes: Detector = onWorkloads({
  id: 'no-probes',
  class: 'hygiene',
  kinds: [DEPLOYMENT, STATEFUL_SET],
  look({ workload: { template } }) {
    const serving = template.containers.filter(({ role, ports }) => role === 'main' && ports.length > 0);
    const silent = serving.filter(({ readiness }) => readiness === undefined).map(({ name }) => name);
    if (silent.length === 0) return undefined;
    const names = silent.slice(0, 5).join(', ');
    return {
      severity: HINT,
      title: `no readiness probe: ${names}`,
      evidence: [`containers with ports and without readinessProbe: ${names}`],
    };
  },
});
