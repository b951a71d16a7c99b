/** Where a route sends its requests. */
import { defineRelation } from '../../define.ts';

export const routeBackend = defineRelation(
  {
    id: 'route-backend',
    rows: [16],
    verb: 'sends requests to',
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
  [
    { at: 'spec.rules[].backendRefs[]', to: { kind: 'Service', group: '' }, across: true },
    {
      at: 'spec.rules[].filters[].requestMirror.backendRef',
      to: { kind: 'Service', group: '' },
      across: true,
      strength: 'soft',
    },
    {
      at: 'spec.rules[].backendRefs[].filters[].requestMirror.backendRef',
      to: { kind: 'Service', group: '' },
      across: true,
      strength: 'soft',
    },
  ],
);
