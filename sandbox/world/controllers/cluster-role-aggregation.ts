/** ClusterRoles that are put together from others. */

import { sameJson } from '../../json-value.ts';
import type { KubeObject } from '../../types.ts';
import type { Controller } from '../types.ts';
import { keyOf, managed, splitKey } from './kit/keys.ts';
import { selects } from './kit/selector.ts';
import type { LabelSelector } from './kit/shapes.ts';

const ROLES = 'clusterroles.rbac.authorization.k8s.io';

interface ClusterRole extends KubeObject {
  aggregationRule?: { clusterRoleSelectors?: LabelSelector[] };
  rules?: unknown[] | null;
}

export function clusterRoleAggregationController(): Controller {
  return {
    ...managed('clusterrole-aggregation-controller'),
    watches: {
      [ROLES]: (_event, machine) =>
        machine
          .list<ClusterRole>(ROLES)
          .filter(({ aggregationRule }) => aggregationRule !== undefined)
          .map(keyOf),
    },
    reconcile(key, machine) {
      const { name } = splitKey(key);
      machine.modify<ClusterRole>(ROLES, '', name, (role) => {
        if (role.aggregationRule === undefined) return false;
        const rules: unknown[] = [];
        for (const selector of role.aggregationRule.clusterRoleSelectors ?? []) {
          for (const source of machine.list<ClusterRole>(ROLES)) {
            if (source.metadata.name === name || !selects(selector, source.metadata.labels)) continue;
            for (const rule of source.rules ?? []) if (!rules.some((one) => sameJson(one, rule))) rules.push(rule);
          }
        }
        if (sameJson(role.rules ?? [], rules)) return false;
        role.rules = rules;
        return true;
      });
      return undefined;
    },
  };
}
