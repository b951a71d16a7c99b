import type { Settings } from '../config/table.ts';
import { gatesOf } from './rules.ts';

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

/** What `doctor --role` prints: the least role under which every enabled tool works. With allowed namespaces, one Role for each. */
export function minimalRole(settings: Settings): string {
  const namespaces = settings.allowedNamespaces;
  const rules = rulesFor(settings);
  if (namespaces === undefined) return role('ClusterRole', undefined, [...rules, CLUSTER_READS]);
  return [role('ClusterRole', undefined, [CLUSTER_READS]), ...namespaces.map((name) => role('Role', name, rules))].join(
    '---\n',
  );
}

const CLUSTER_READS: Rule = {
  apiGroups: [''],
  resources: ['nodes', 'namespaces', 'persistentvolumes'],
  verbs: ['get', 'list'],
};

/** Any kind may be asked for, so reads name every group; Secrets are among them and are shown as fingerprints only. */
function rulesFor(settings: Settings): Rule[] {
  const gates = gatesOf(settings);
  const verbs = ['get', ...(gates.list ? ['list', 'watch'] : [])];
  if (gates.create) verbs.push('create');
  if (gates.update) verbs.push('update', 'patch');
  if (gates.delete) verbs.push('delete');
  return [{ apiGroups: ['*'], resources: ['*'], verbs }];
}

function role(kind: 'Role' | 'ClusterRole', namespace: string | undefined, rules: readonly Rule[]): string {
  const head = [`apiVersion: rbac.authorization.k8s.io/v1`, `kind: ${kind}`, 'metadata:', '  name: k8s-mcp'];
  if (namespace !== undefined) head.push(`  namespace: ${namespace}`);
  const body = rules.flatMap(({ apiGroups, resources, verbs }) => [
    `- apiGroups: ${JSON.stringify(apiGroups)}`,
    `  resources: ${JSON.stringify(resources)}`,
    `  verbs: ${JSON.stringify(verbs)}`,
  ]);
  return `${[...head, 'rules:', ...body].join('\n')}\n`;
}
