import { defineRelation } from '../define.ts';

export const clusterRoleAggregate = defineRelation(
  {
    id: 'cluster-role-aggregate',
    rows: [44],
    verb: 'gathers the rules of',
    sources: ['ClusterRole.rbac.authorization.k8s.io'],
    class: 'uses',
    strength: 'informational',
  },
  [
    {
      at: 'aggregationRule.clusterRoleSelectors[]',
      select: 'ClusterRole.rbac.authorization.k8s.io',
      form: 'selector',
      within: 'any',
    },
  ],
);
