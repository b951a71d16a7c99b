import type { Settings } from '../config/table.ts';
import { gatesOf } from './rules.ts';

interface Rule {
  apiGroups: readonly string[];
  resources: readonly string[];
  verbs: readonly string[];
}

/** The live graph watches what it lists. */
const LISTS = ['list', 'watch'];

/** What a team's workloads are made of; RBAC, Secrets and subresources such as pods/exec are left to the operator to add. */
const WORKLOADS: readonly Omit<Rule, 'verbs'>[] = [
  {
    apiGroups: [''],
    resources: [
      'pods',
      'services',
      'endpoints',
      'configmaps',
      'persistentvolumeclaims',
      'replicationcontrollers',
      'serviceaccounts',
      'limitranges',
      'resourcequotas',
    ],
  },
  { apiGroups: ['apps'], resources: ['deployments', 'replicasets', 'statefulsets', 'daemonsets'] },
  { apiGroups: ['batch'], resources: ['jobs', 'cronjobs'] },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'networkpolicies'] },
  { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'] },
  { apiGroups: ['policy'], resources: ['poddisruptionbudgets'] },
];

const CLUSTER_READS: readonly Rule[] = [
  { apiGroups: [''], resources: ['nodes', 'namespaces', 'persistentvolumes'], verbs: ['get', ...LISTS] },
  { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['get', ...LISTS] },
  { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: ['get', ...LISTS] },
];

const NOTE = `# The least role for the enabled tools and gates on built-in workload kinds. Add your custom kinds as they are needed,
# and secrets if they are to be seen: their values are shown as fingerprints only.
`;

/** What `doctor --role` prints. With allowed namespaces, one Role for each, and a ClusterRole for what lives outside them. */
export function minimalRole(settings: Settings): string {
  const rules = workloadRules(settings);
  const namespaces = settings.allowedNamespaces;
  if (namespaces === undefined) return `${NOTE}${role('ClusterRole', undefined, [...rules, ...CLUSTER_READS])}`;
  const roles = [role('ClusterRole', undefined, CLUSTER_READS), ...namespaces.map((name) => role('Role', name, rules))];
  return `${NOTE}${roles.join('---\n')}`;
}

function workloadRules(settings: Settings): Rule[] {
  const gates = gatesOf(settings);
  const reads = gates.list ? ['get', ...LISTS] : ['get'];
  const verbs = [
    ...reads,
    ...(gates.create ? ['create'] : []),
    ...(gates.update ? ['update', 'patch'] : []),
    ...(gates.delete ? ['delete'] : []),
  ];
  const scale = gates.update
    ? [{ apiGroups: ['apps'], resources: ['deployments/scale'], verbs: ['get', 'update', 'patch'] }]
    : [];
  return [
    ...WORKLOADS.map((kinds) => ({ ...kinds, verbs })),
    { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: reads },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: reads },
    { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
    ...scale,
  ];
}

function role(kind: 'Role' | 'ClusterRole', namespace: string | undefined, rules: readonly Rule[]): string {
  const head = ['apiVersion: rbac.authorization.k8s.io/v1', `kind: ${kind}`, 'metadata:', '  name: k8s-mcp'];
  if (namespace !== undefined) head.push(`  namespace: ${namespace}`);
  const body = rules.flatMap(({ apiGroups, resources, verbs }) => [
    `- apiGroups: ${JSON.stringify(apiGroups)}`,
    `  resources: ${JSON.stringify(resources)}`,
    `  verbs: ${JSON.stringify(verbs)}`,
  ]);
  return `${[...head, 'rules:', ...body].join('\n')}\n`;
}
