import { defineRelation } from '../define.ts';

export const ingressResourceBackend = defineRelation(
  {
    id: 'ingress-resource-backend',
    rows: [10],
    verb: 'routes to',
    sources: ['Ingress.networking.k8s.io'],
    class: 'routes',
    strength: 'hard',
  },
  [
    { at: 'spec.defaultBackend.resource', to: { kind: '', group: '' } },
    { at: 'spec.rules[].http.paths[].backend.resource', to: { kind: '', group: '' } },
  ],
);
