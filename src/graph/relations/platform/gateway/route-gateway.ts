/** Where a route takes its requests from: a Gateway, listeners of their own, or a Service (mesh). */
import { defineRelation } from '../../define.ts';

export const routeGateway = defineRelation(
  {
    id: 'route-gateway',
    rows: [15],
    verb: 'is attached to',
    sources: [
      'HTTPRoute.gateway.networking.k8s.io',
      'GRPCRoute.gateway.networking.k8s.io',
      'TLSRoute.gateway.networking.k8s.io',
      'TCPRoute.gateway.networking.k8s.io',
      'UDPRoute.gateway.networking.k8s.io',
    ],
    class: 'routes',
    strength: 'hard',
  },
  [{ at: 'spec.parentRefs[]', to: { kind: 'Gateway', group: 'gateway.networking.k8s.io' }, across: true }],
);
