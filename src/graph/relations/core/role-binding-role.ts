import { defineRelation } from '../define.ts';

export const roleBindingRole = defineRelation(
  {
    id: 'role-binding-role',
    rows: [41, 43],
    verb: 'grants',
    sources: ['RoleBinding.rbac.authorization.k8s.io', 'ClusterRoleBinding.rbac.authorization.k8s.io'],
    class: 'uses',
    strength: 'hard',
  },
  [{ at: 'roleRef', to: { kind: '', group: 'rbac.authorization.k8s.io' } }],
);
