/** Who answers for an aggregated API. */
import { defineRelation } from '../../define.ts';

export const apiService = defineRelation(
  {
    id: 'api-service',
    rows: [55],
    verb: 'is answered by',
    sources: ['APIService.apiregistration.k8s.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.service', to: 'Service', across: true }],
);
