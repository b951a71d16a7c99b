import { defineRelation } from '../define.ts';

export const ingressTlsSecret = defineRelation(
  {
    id: 'ingress-tls-secret',
    rows: [11],
    verb: 'takes its certificate from',
    sources: ['Ingress.networking.k8s.io'],
    class: 'uses',
    strength: 'hard',
  },
  [{ at: 'spec.tls[].secretName', to: 'Secret' }],
);
