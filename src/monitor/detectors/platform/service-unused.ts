/** A Service that selects nothing and that nothing refers to. */
import { service as serviceKind } from '../../../graph/project/service.ts';
import type { Detector } from '../../types.ts';
import { HINT, POD } from '../workloads/reading/pods.ts';
import { HOUR } from '../workloads/reading/times.ts';
import { known } from './reading/edges.ts';
import { onKind } from './reading/on-kind.ts';
import { backing, selects, servicesNear, templatesIn, usersOf, WORKLOADS } from './reading/services.ts';

export const serviceUnused: Detector = onKind(serviceKind, {
  id: 'service-unused',
  class: 'hygiene',
  reads: [POD, ...WORKLOADS],
  affected: (changed, view, itself) => (changed.kind === POD ? [] : servicesNear(changed, view, itself)),
  look({ node, facts: { selector }, view }) {
    const wanted = Object.entries(selector);
    if (wanted.length === 0 || !known(view, POD, ...WORKLOADS)) return undefined;
    if (backing(node.id, view).length > 0 || usersOf(node.id, view).length > 0) return undefined;
    if (templatesIn(node.namespace, view).some(({ labels }) => selects(selector, labels))) return undefined;
    return {
      severity: HINT,
      title: 'its selector matches no pod, and nothing refers to it',
      evidence: [`spec.selector: ${wanted.map(([key, value]) => `${key}=${value}`).join(',')}`],
      holdMs: HOUR,
    };
  },
});
