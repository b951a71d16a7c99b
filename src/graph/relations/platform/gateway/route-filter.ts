/** Filters that are objects of their own. */
import { defineRelation } from '../../define.ts';

export const routeFilter = defineRelation(
  {
    id: 'route-filter',
    rows: [16],
    verb: 'is changed by',
    sources: ['HTTPRoute.gateway.networking.k8s.io', 'GRPCRoute.gateway.networking.k8s.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [
    { at: 'spec.rules[].filters[].extensionRef', to: { kind: '', group: '' } },
    { at: 'spec.rules[].backendRefs[].filters[].extensionRef', to: { kind: '', group: '' } },
  ],
);
