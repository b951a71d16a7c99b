/** Policies that are attached to Services, routes and Gateways. */
import { defineRelation } from '../../define.ts';

export const backendPolicyTarget = defineRelation(
  {
    id: 'backend-policy-target',
    rows: [18],
    verb: 'applies to',
    sources: [
      'BackendTLSPolicy.gateway.networking.k8s.io',
      'BackendLBPolicy.gateway.networking.k8s.io',
      'XBackendTrafficPolicy.gateway.networking.x-k8s.io',
      'BackendTrafficPolicy.gateway.envoyproxy.io',
      'ClientTrafficPolicy.gateway.envoyproxy.io',
      'SecurityPolicy.gateway.envoyproxy.io',
      'EnvoyExtensionPolicy.gateway.envoyproxy.io',
    ],
    class: 'uses',
    strength: 'soft',
  },
  [
    { at: 'spec.targetRefs[]', to: { kind: 'Service', group: '' } },
    { at: 'spec.targetRef', to: { kind: 'Service', group: '' } },
  ],
);
