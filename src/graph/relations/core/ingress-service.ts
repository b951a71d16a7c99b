import { defineRelation } from '../define.ts';

export const ingressService = defineRelation(
  {
    id: 'ingress-service',
    rows: [9],
    verb: 'routes to',
    sources: ['Ingress.networking.k8s.io'],
    class: 'routes',
    strength: 'hard',
  },
  [
    { at: 'spec.defaultBackend.service', to: 'Service' },
    { at: 'spec.rules[].http.paths[].backend.service', to: 'Service' },
  ],
);
