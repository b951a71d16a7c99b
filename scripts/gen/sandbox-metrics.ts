/** metrics.k8s.io/v1beta1, which metrics-server adds to a cluster: written by hand, as the generator reads a plain one. */
import type { Schema } from '../../sandbox/kinds/schema.ts';
import type { ResourceInfo } from '../../sandbox/types.ts';

const GROUP = 'metrics.k8s.io';
const VERSION = 'v1beta1';
const PACKAGE = 'io.k8s.metrics.pkg.apis.metrics.v1beta1';
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

function resource(plural: string, kind: string, namespaced: boolean): ResourceInfo {
  return {
    id: `${plural}.${GROUP}`,
    group: GROUP,
    plural,
    singular: '',
    kind,
    listKind: `${kind}List`,
    namespaced,
    shortNames: [],
    categories: [],
    versions: [{ version: VERSION, verbs: ['get', 'list'], subresources: {}, schema: { $ref: `${PACKAGE}.${kind}` } }],
    storageVersion: VERSION,
    origin: 'builtin',
  };
}

export const METRICS_RESOURCES: readonly ResourceInfo[] = [
  resource('nodes', 'NodeMetrics', false),
  resource('pods', 'PodMetrics', true),
];

const usage: Schema = {
  type: 'object',
  additionalProperties: { $ref: 'io.k8s.apimachinery.pkg.api.resource.Quantity' },
};
const head: Record<string, Schema> = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
};
const sampled: Record<string, Schema> = {
  ...head,
  metadata: { $ref: `${META}.ObjectMeta` },
  timestamp: { $ref: `${META}.Time` },
  window: { $ref: `${META}.Duration` },
};

const gvk = (kind: string): Schema => ({
  'x-kubernetes-group-version-kind': [{ group: GROUP, version: VERSION, kind }],
});
const list = (kind: string): Schema => ({
  type: 'object',
  required: ['metadata', 'items'],
  properties: {
    ...head,
    metadata: { $ref: `${META}.ListMeta` },
    items: { type: 'array', items: { $ref: `${PACKAGE}.${kind}` } },
  },
  ...gvk(`${kind}List`),
});

export const METRICS_TYPES: Readonly<Record<string, Schema>> = {
  [`${META}.Duration`]: { type: 'string' },
  [`${PACKAGE}.ContainerMetrics`]: {
    type: 'object',
    required: ['name', 'usage'],
    properties: { name: { type: 'string' }, usage },
  },
  [`${PACKAGE}.NodeMetrics`]: {
    type: 'object',
    required: ['metadata', 'timestamp', 'window', 'usage'],
    properties: { ...sampled, usage },
    ...gvk('NodeMetrics'),
  },
  [`${PACKAGE}.NodeMetricsList`]: list('NodeMetrics'),
  [`${PACKAGE}.PodMetrics`]: {
    type: 'object',
    required: ['metadata', 'timestamp', 'window', 'containers'],
    properties: {
      ...sampled,
      containers: {
        type: 'array',
        items: { $ref: `${PACKAGE}.ContainerMetrics` },
        'x-kubernetes-list-type': 'atomic',
      },
    },
    ...gvk('PodMetrics'),
  },
  [`${PACKAGE}.PodMetricsList`]: list('PodMetrics'),
};
