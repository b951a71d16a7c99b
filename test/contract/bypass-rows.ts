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
  toolset: 'resources' | 'cluster';
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
};

export const TOOLS = Object.entries(ROWS);
