/** A Service of type LoadBalancer that was given no address. */
import { service as serviceKind } from '../../../graph/project/service.ts';
import type { Detector } from '../../types.ts';
import { WARNING } from '../workloads/reading/pods.ts';
import { recent, told, toldSince } from '../workloads/reading/stories.ts';
import { MINUTE, short, span } from '../workloads/reading/times.ts';
import { onKind } from './reading/on-kind.ts';

export const loadBalancerPending: Detector = onKind(serviceKind, {
  id: 'load-balancer-pending',
  look(seen) {
    const { node, facts } = seen;
    if (facts.type !== 'LoadBalancer' || facts.loadBalancer.addresses > 0) return undefined;
    const [event] = recent(node, seen, 'SyncLoadBalancerFailed', 'CreatingLoadBalancerFailed', 'AllocationFailed');
    const { class: of } = facts.loadBalancer;
    return {
      severity: WARNING,
      title: `its load balancer has no address${event === undefined ? '' : `: ${short(event.message)}`}`,
      evidence: [
        `status.loadBalancer.ingress is empty, the Service is ${span(seen.now - node.created)} old`,
        ...(event === undefined ? [] : [told(event, seen.now)]),
        ...(of === '' ? [] : [`spec.loadBalancerClass: ${of}`]),
      ],
      ...(event === undefined ? { since: node.created } : toldSince(event)),
      holdMs: event === undefined ? 5 * MINUTE : MINUTE,
    };
  },
});
