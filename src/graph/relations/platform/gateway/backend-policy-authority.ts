/** The authorities that a backend is checked against. */
import { defineRelation } from '../../define.ts';

export const backendPolicyAuthority = defineRelation(
  {
    id: 'backend-policy-authority',
    rows: [18],
    verb: 'trusts',
    sources: ['BackendTLSPolicy.gateway.networking.k8s.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.validation.caCertificateRefs[]', to: { kind: 'ConfigMap', group: '' } }],
);
