/** A binding to a role that does not exist: it grants nothing. */
import { clusterRoleBinding, roleBinding } from '../../../graph/project/role-binding.ts';
import type { Detector } from '../../types.ts';
import { MINOR } from '../workloads/reading/pods.ts';
import { count, MINUTE } from '../workloads/reading/times.ts';
import { lost } from './reading/edges.ts';
import { onKind } from './reading/on-kind.ts';

export const roleMissing: Detector = onKind([roleBinding, clusterRoleBinding], {
  id: 'role-missing',
  reads: ['Role.rbac.authorization.k8s.io', 'ClusterRole.rbac.authorization.k8s.io'],
  look({ node, facts, view }) {
    const [role] = lost(node.id, view, 'role-binding-role');
    if (role === undefined || facts.subjects === 0) return undefined;
    return {
      severity: MINOR,
      title: `grants nothing: ${facts.role.kind} ${facts.role.name} does not exist`,
      evidence: [
        `roleRef: ${facts.role.kind} ${facts.role.name}`,
        `${count(facts.subjects, 'subject')} without these rights`,
      ],
      holdMs: 2 * MINUTE,
      cause: role.node.id,
    };
  },
});
