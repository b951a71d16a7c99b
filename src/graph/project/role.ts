import type { RoleFacts } from '../facts.ts';
import type { KindKey, KindProjection } from '../types.ts';
import { defineKind } from './define-kind.ts';
import { dict, has, list } from './read.ts';

export const role = roleKind('Role.rbac.authorization.k8s.io');
export const clusterRole = roleKind('ClusterRole.rbac.authorization.k8s.io');

function roleKind(kind: KindKey): KindProjection<RoleFacts> {
  return defineKind<RoleFacts>({
    kind,
    depth: 'object',
    fields: ['rules.verbs', 'rules.resources', 'aggregationRule'],
    project(object, intern) {
      const rules = list(object['rules']).map(dict);
      return intern.shared({
        rules: rules.length,
        wildcard: rules.some((rule) => list(rule['verbs']).includes('*') && list(rule['resources']).includes('*')),
        aggregated: has(object['aggregationRule']),
      });
    },
    health: () => 'ok',
  });
}
