import type { BindingFacts } from '../facts.ts';
import type { KindKey, KindProjection } from '../types.ts';
import { defineKind } from './define-kind.ts';
import { dict, list, text } from './read.ts';

export const roleBinding = bindingKind('RoleBinding.rbac.authorization.k8s.io');
export const clusterRoleBinding = bindingKind('ClusterRoleBinding.rbac.authorization.k8s.io');

function bindingKind(kind: KindKey): KindProjection<BindingFacts> {
  return defineKind<BindingFacts>({
    kind,
    depth: 'object',
    fields: ['roleRef.kind', 'roleRef.name', 'subjects.name'],
    project(object, intern) {
      const { kind: of, name } = dict(object['roleRef']);
      return intern.shared({
        role: { kind: text(of), name: text(name) },
        subjects: list(object['subjects']).length,
      });
    },
    health: () => 'ok',
  });
}
