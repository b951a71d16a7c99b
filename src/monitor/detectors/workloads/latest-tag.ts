/** Images whose tag moves: two pods of one template may run different programs. */
import type { Detector } from '../../types.ts';
import { DAEMON_SET, DEPLOYMENT, STATEFUL_SET } from './reading/owners.ts';
import { HINT } from './reading/pods.ts';
import { short } from './reading/times.ts';
import { onWorkloads } from './reading/workloads.ts';

export const latestTag: Detector = onWorkloads({
  id: 'latest-tag',
  class: 'hygiene',
  kinds: [DEPLOYMENT, STATEFUL_SET, DAEMON_SET],
  look({ workload: { template } }) {
    const moving = template.containers
      .filter(({ image }) => image !== '' && isMoving(image))
      .map(({ image }) => short(image));
    if (moving.length === 0) return undefined;
    return {
      severity: HINT,
      title: `image without a fixed tag: ${moving[0]}`,
      evidence: moving.slice(0, 5).map((image) => `image: ${image}`),
    };
  },
});

/** `latest` is meant where no tag is given. A colon before the last slash belongs to the registry's port. */
function isMoving(image: string): boolean {
  if (image.includes('@')) return false;
  const name = image.slice(image.lastIndexOf('/') + 1);
  return !name.includes(':') || name.endsWith(':latest');
}
