/** The tools as the bypass tests see them: one row each. A tool without a row fails them. */
import type { ToolArguments } from '../support/worlds.ts';

/** Every object of the forbidden namespace has a name that begins with this word. */
export const MARK = 'hush';

export type DeniedKind = 'pods' | 'secrets' | 'deployments.apps' | 'pods/log' | 'deployments.apps/scale';
export const DENIED: readonly DeniedKind[] = [
  'pods',
  'secrets',
  'deployments.apps',
  'pods/log',
  'deployments.apps/scale',
];

export interface Row {
  toolset: 'resources' | 'cluster' | 'intelligent';
  /** The gate whose closing hides the tool. */
  gate?: 'list' | 'create' | 'update' | 'delete';
  /** A call that works while everything is allowed. */
  works: ToolArguments;
  /** For each kind that the tool can ask for: arguments that do. */
  asks: Partial<Record<DeniedKind, ToolArguments>>;
  /** Attempts at the forbidden namespace. */
  reaches: readonly ToolArguments[];
  writes?: true;
}

/** Ways to write a namespace, right and wrong. */
const NAMESPACES = [
  'secret-ns',
  'all',
  '*',
  '',
  undefined,
  'SECRET-NS',
  ' secret-ns',
  'secret-ns ',
  'shop,secret-ns',
  '../secret-ns',
  'secret-ns%00',
  'shop/../secret-ns',
];
const within = (args: ToolArguments): ToolArguments[] =>
  NAMESPACES.map((namespace) => ({ ...args, ...(namespace === undefined ? {} : { namespace }) }));

export const object = (kind: string, name: string, namespace?: string, more: object = {}) => ({
  apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1',
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  ...more,
});
export const manifest = (...objects: object[]) => objects.map((one) => JSON.stringify(one)).join('\n---\n');
export const settings = manifest(object('ConfigMap', 'web', 'shop'));
export const hidden = object('ConfigMap', MARK, 'secret-ns');

const SELECTORS: ToolArguments[] = [
  { fieldSelector: 'metadata.namespace=secret-ns' },
  { fieldSelector: 'metadata.namespace==secret-ns' },
  { fieldSelector: `metadata.name=${MARK}-0` },
  { fieldSelector: 'metadata.namespace!=shop' },
  { labelSelector: 'app=web' },
  { labelSelector: 'app=web&fieldSelector=metadata.namespace=secret-ns' },
  { labelSelector: 'app=web', namespace: 'secret-ns' },
];
const SHAPES: ToolArguments[] = [
  { output: 'names' },
  { output: 'yaml' },
  { output: 'json' },
  { columns: 'wide' },
  { columns: 'NS:.metadata.namespace,NAME:.metadata.name' },
  { where: `.metadata.name =~ "${MARK}"` },
  { where: 'len(.metadata.labels) > 0' },
  { sortBy: '-.metadata.namespace' },
  { groupBy: '.metadata.namespace' },
  { groupBy: '.metadata.name' },
  { limit: 1 },
  { limit: 3 },
];

/** Names of the forbidden namespace and of what is in it, in every place of a relation query that takes a name. */
const TARGETS: ToolArguments[] = [
  { target_resources: [`pods/secret-ns/${MARK}-0`] },
  { target_resources: [`deployments/secret-ns/${MARK}`] },
  { target_resources: ['namespace/secret-ns'] },
  { target_resources: ['namespace/secret-n'] },
  { target_resources: ['pods/shop/web-9'] },
  { target_resources: [`pods/shop/${MARK}-0`] },
  { target_resources: [`pods/*/${MARK}-0`] },
  { target_resources: [`pods/../${MARK}-0`] },
  { target_resources: [`image/${MARK}:1`] },
  { target_resources: [`image/${MARK}:1`], focus_namespace: 'secret-ns' },
  { target_resources: ['node/node-1'] },
  { target_resources: ['node/node-1'], focus_namespace: 'secret-ns' },
  { target_resources: ['namespace/shop'], max_depth: 10 },
  { target_resources: ['pods/shop/web-0'], max_depth: 10, focus_namespace: 'secret-ns' },
];
/** The same object in the seed's form and the other, in every way to write its namespace. */
const OBJECTS: ToolArguments[] = [
  ...within({ resource_type: 'pods', resource_name: `${MARK}-0` }),
  ...within({ target_resources: [`pods/${MARK}-0`] }),
  ...within({ resource_type: 'pods', resource_name: `secret-ns/${MARK}-0` }),
  ...within({ resource_type: 'pods', resource_name: `../../secret-ns/pods/${MARK}-0` }),
];
const QUERIES = [
  'related_resources',
  'dependencies',
  'dependency_trace',
  'impact_analysis',
  'failure_propagation',
  'cluster_topology',
  'anomaly_correlation',
];

export const ROWS: Record<string, Row> = {
  get_api_resources: {
    toolset: 'resources',
    works: {},
    asks: {},
    reaches: [{}, { filter: MARK }, { filter: 'secret-ns' }],
  },
  list_resources: {
    toolset: 'resources',
    gate: 'list',
    works: { kind: 'pods', namespace: 'shop' },
    asks: { pods: { kind: 'pods' }, secrets: { kind: 'secrets' }, 'deployments.apps': { kind: 'deployments' } },
    reaches: ['pods', 'namespaces', 'events', 'secrets', 'deployments'].flatMap((kind) => [
      ...within({ kind }),
      ...[...SELECTORS, ...SHAPES].map((more) => ({ kind, ...more })),
    ]),
  },
  get_resource: {
    toolset: 'resources',
    works: { kind: 'pods', name: 'web-0', namespace: 'shop' },
    asks: {
      pods: { kind: 'pods', name: 'web-0' },
      secrets: { kind: 'secrets', name: 'web' },
      'deployments.apps': { kind: 'deployments', name: 'web' },
    },
    reaches: [
      ...within({ kind: 'pods', name: `${MARK}-0` }),
      ...within({ kind: 'pods', name: `secret-ns/${MARK}-0` }),
      ...within({ kind: 'pods', name: `../../secret-ns/pods/${MARK}-0` }),
      { kind: 'namespaces', name: 'secret-ns' },
      { kind: 'namespaces', name: 'secret-n' },
      { kind: 'namespaces', name: 'secret-ns', namespace: 'shop' },
      { kind: 'namespaces', name: `secret-ns/pods/${MARK}-0` },
    ],
  },
  create_resource: {
    toolset: 'resources',
    gate: 'create',
    writes: true,
    works: { manifest: manifest(object('ConfigMap', 'new', 'shop')) },
    asks: {
      pods: { manifest: manifest(object('Pod', 'new')) },
      secrets: { manifest: manifest(object('ConfigMap', 'fine'), object('Secret', 'new')) },
      'deployments.apps': {
        manifest: manifest({ apiVersion: 'v1', kind: 'List', items: [object('Deployment', 'new')] }),
      },
    },
    reaches: [
      ...within({ manifest: manifest(object('ConfigMap', 'new')) }).filter(({ namespace }) => namespace !== undefined),
      ...within({ manifest: manifest(hidden) }),
      { manifest: manifest(object('ConfigMap', 'new', 'shop'), hidden) },
      { manifest: manifest({ apiVersion: 'v1', kind: 'List', items: [object('ConfigMap', 'new', 'shop'), hidden] }) },
      { manifest: manifest({ ...hidden, metadata: { generateName: 'x-', namespace: 'secret-ns' } }) },
      { manifest: manifest(object('Namespace', 'secret-ns')) },
      { manifest: manifest(object('Namespace', 'secret-ns')), namespace: 'shop', dryRun: true },
    ],
  },
  update_resource: {
    toolset: 'resources',
    gate: 'update',
    writes: true,
    works: { kind: 'ConfigMap', name: 'web', manifest: settings },
    asks: {
      pods: { kind: 'pods', name: 'web-0', mode: 'merge', manifest: '{"metadata":{"labels":{"a":"b"}}}' },
      secrets: { manifest: manifest(object('Secret', 'web', 'shop')) },
      'deployments.apps': {
        kind: 'deploy',
        name: 'web',
        mode: 'json',
        manifest: '[{"op":"replace","path":"/spec/replicas","value":1}]',
      },
    },
    reaches: [
      ...within({ manifest: manifest(hidden) }),
      ...within({ kind: 'cm', name: MARK, mode: 'merge', manifest: '{"data":{}}' }),
      { manifest: manifest(object('ConfigMap', 'web', 'shop'), hidden), mode: 'apply' },
      { manifest: manifest(object('Namespace', 'secret-ns')) },
      { kind: 'ns', name: 'secret-ns', mode: 'merge', manifest: '{"metadata":{}}', namespace: 'shop' },
    ],
  },
  delete_resource: {
    toolset: 'resources',
    gate: 'delete',
    writes: true,
    works: { kind: 'ConfigMap', name: 'web', namespace: 'shop' },
    asks: {
      pods: { kind: 'pods', name: 'web-0' },
      secrets: { kind: 'secrets', name: 'web' },
      'deployments.apps': { kind: 'deployments', name: 'web' },
    },
    reaches: [
      ...within({ kind: 'ConfigMap', name: MARK }),
      ...within({ kind: 'ConfigMap', name: `../../secret-ns/configmaps/${MARK}` }),
      { kind: 'Namespace', name: 'secret-ns' },
      { kind: 'Namespace', name: 'secret-ns', dryRun: true },
      { kind: 'Namespace', name: 'secret-n', namespace: 'shop' },
    ],
  },
  'k8s-get-pods': {
    toolset: 'cluster',
    gate: 'list',
    works: { namespace: 'shop' },
    asks: { pods: {} },
    reaches: [
      ...within({}),
      ...within({ label_selector: 'app=web' }),
      { namespace: 'all', label_selector: 'app=web&fieldSelector=x=y' },
    ],
  },
  'k8s-get-services': {
    toolset: 'cluster',
    gate: 'list',
    works: { namespace: 'shop' },
    asks: {},
    reaches: [...within({}), ...within({ name: MARK }), { namespace: 'all', name: 'x,metadata.namespace=secret-ns' }],
  },
  'k8s-get-deployments': {
    toolset: 'cluster',
    gate: 'list',
    works: { namespace: 'shop' },
    asks: { 'deployments.apps': {} },
    reaches: [...within({}), ...within({ name: MARK })],
  },
  'k8s-get-nodes': {
    toolset: 'cluster',
    gate: 'list',
    works: {},
    asks: {},
    reaches: [{}, { label_selector: 'app=web' }],
  },
  'k8s-get-events': {
    toolset: 'cluster',
    gate: 'list',
    works: { namespace: 'shop' },
    asks: {},
    reaches: [
      ...within({}),
      ...within({ type: 'Warning' }),
      ...within({ kind: 'Pod', name: `${MARK}-0` }),
      { namespace: 'all', name: 'x,metadata.namespace=secret-ns' },
    ],
  },
  'k8s-describe-pod': {
    toolset: 'cluster',
    works: { pod_name: 'web-0', namespace: 'shop' },
    asks: { pods: { pod_name: 'web-0' } },
    reaches: [
      ...within({ pod_name: `${MARK}-0` }),
      ...within({ pod_name: `pod/${MARK}-0` }),
      ...within({ pod_name: `secret-ns/${MARK}-0` }),
      ...within({ pod_name: `../../secret-ns/pods/${MARK}-0` }),
    ],
  },
  'k8s-get-logs': {
    toolset: 'cluster',
    works: { pod_name: 'web-0', namespace: 'shop' },
    asks: {
      pods: { pod_name: 'web-0' },
      'pods/log': { pod_name: 'pod/web-0' },
      'deployments.apps': { pod_name: 'deployment/web' },
    },
    reaches: [
      ...within({ pod_name: `${MARK}-0` }),
      ...within({ pod_name: `deployment/${MARK}` }),
      ...within({ pod_name: `svc/${MARK}`, container: 'main' }),
      ...within({ pod_name: 'deployment/web' }),
      { pod_name: 'namespace/secret-ns' },
      { pod_name: `../../secret-ns/pods/${MARK}-0` },
    ],
  },
  'k8s-scale-deployment': {
    toolset: 'cluster',
    gate: 'update',
    writes: true,
    works: { name: 'web', replicas: 3, namespace: 'shop' },
    asks: { 'deployments.apps': { name: 'web', replicas: 3 }, 'deployments.apps/scale': { name: 'web', replicas: 3 } },
    reaches: [
      ...within({ name: MARK, replicas: 0 }),
      ...within({ name: `../../secret-ns/deployments/${MARK}`, replicas: 0, dryRun: true }),
    ],
  },
  'k8s-relation-query': {
    toolset: 'intelligent',
    gate: 'list',
    works: { target_resources: ['deployments/shop/web'] },
    asks: {
      pods: { target_resources: ['pods/web-0'] },
      secrets: { query_type: 'dependencies', resource_type: 'Secret', resource_name: 'web' },
      'deployments.apps': {
        query_type: 'resource_path',
        target_resources: ['configmaps/web', 'deployments/web'],
      },
    },
    reaches: [
      ...OBJECTS,
      ...QUERIES.flatMap((query_type) => TARGETS.map((args) => ({ query_type, ...args }))),
      ...['cluster_topology', 'anomaly_correlation'].flatMap((query_type) => [
        ...within({ query_type }),
        ...within({ query_type }).map(({ namespace, ...args }) => ({ ...args, focus_namespace: namespace ?? 'shop' })),
        { query_type, resource_types: ['pods', 'secrets', 'namespaces', 'events'] },
      ]),
      { query_type: 'resource_path', target_resources: ['pods/shop/web-0', `pods/secret-ns/${MARK}-0`] },
      { query_type: 'resource_path', target_resources: ['node/node-1', 'namespace/secret-ns'] },
      { query_type: 'resource_path', target_resources: ['pods/shop/web-0', 'pods/other/far-0'] },
    ],
  },
  'k8s-cluster-summary': {
    toolset: 'intelligent',
    gate: 'list',
    works: { focus_namespace: 'shop' },
    asks: { pods: {} },
    reaches: [
      ...within({ anomaly_threshold: 'low', max_size_kb: 50 }),
      ...['cluster', 'health', 'resources', 'anomalies', 'performance', 'namespace'].flatMap((scope) => [
        { scope },
        { scope, focus_namespace: 'secret-ns' },
        { scope, focus_namespace: 'secret-n' },
        { scope, resource_types: ['namespaces', 'pods', 'secrets'] },
      ]),
      ...within({ summary_type: 'detailed' }),
      { summary_type: 'overview', include_metrics: true, include_historical: true },
    ],
  },
};

export const TOOLS = Object.entries(ROWS);
