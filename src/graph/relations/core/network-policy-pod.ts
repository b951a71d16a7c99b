import { defineRelation } from '../define.ts';

export const networkPolicyPod = defineRelation(
  {
    id: 'network-policy-pod',
    rows: [49],
    verb: 'filters traffic of',
    sources: ['NetworkPolicy.networking.k8s.io'],
    class: 'connects',
    strength: 'informational',
  },
  [{ at: 'spec.podSelector', select: 'Pod', form: 'selector', within: 'own' }],
);
