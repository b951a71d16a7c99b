/** Kinds that definitions make: they come, are checked and filled in, are shown, and go. */
import {
  apply,
  clusterSequence,
  get,
  gone,
  jsonPatch,
  mergePatch,
  post,
  put,
  remove,
  type Sequence,
  type Step,
  sequence,
  strategicPatch,
  topic,
} from '../sequence.ts';

type Fields = Record<string, unknown>;
const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const group = '{id}.example.com';
const THINGS = `/apis/${group}/v1/namespaces/{ns}/things`;
const X = `${THINGS}/x`;

const version = (name: string, schema: Fields, more: Fields = {}) => ({
  name,
  served: true,
  storage: name === 'v1',
  schema: { openAPIV3Schema: { type: 'object', ...schema } },
  ...more,
});
const definition = (versions: unknown[], more: Fields = {}) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `things.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural: 'things', kind: 'Thing', shortNames: ['th'], categories: ['all'] },
    versions,
    ...more,
  },
});

/** Makes the definition and waits until it is served. */
const defined = (versions: unknown[], more: Fields = {}): Step[] => [
  post(CRDS, definition(versions, more)),
  (on) =>
    on.until(
      { ...get(`${CRDS}/things.${group}`), unrecorded: true },
      ({ body }) =>
        JSON.stringify(body).includes('"Established"') &&
        JSON.stringify(
          (body as { status: { conditions: { type: string; status: string }[] } }).status.conditions,
        ).includes('the initial names have been accepted'),
    ),
  (on) =>
    on.until(
      { ...get(`/apis/${group}/v1/${more['scope'] === 'Cluster' ? '' : 'namespaces/{ns}/'}things`), unrecorded: true },
      ({ status }) => status === 200,
    ),
];

const spec = (properties: Fields, more: Fields = {}) => ({
  properties: {
    spec: { type: 'object', properties, ...more },
    status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
});
const thing = (fields: Fields, name = 'x', apiVersion = `${group}/v1`) => ({
  apiVersion,
  kind: 'Thing',
  metadata: { name },
  ...fields,
});
const make = (fields: Fields, query = '') => post(`${THINGS}${query}`, thing(fields));
const dry = (fields: Fields) => make(fields, '?dryRun=All');

const RULES = spec(
  {
    size: { type: 'integer', minimum: 1, maximum: 10, default: 3 },
    name: { type: 'string', minLength: 2, maxLength: 5, pattern: '^[a-z]+$' },
    color: { type: 'string', enum: ['red', 'blue'] },
    tags: { type: 'array', maxItems: 2, items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
    ports: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port'],
      items: {
        type: 'object',
        required: ['port'],
        properties: { port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' } },
      },
    },
    when: { type: 'string', format: 'date-time' },
    either: { 'x-kubernetes-int-or-string': true },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    map: { type: 'object', additionalProperties: { type: 'integer' } },
    maybe: { type: 'string', nullable: true },
    ratio: { type: 'number', multipleOf: 0.5, exclusiveMinimum: true, minimum: 0 },
    on: { type: 'boolean', default: true },
    one: {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      oneOf: [{ required: ['a'] }, { required: ['b'] }],
    },
  },
  { required: ['color'] },
);

const life: Sequence[] = [
  sequence(
    'made, read, changed, gone',
    ...defined([version('v1', RULES)]),
    make({ spec: { color: 'red', unknown: 1 } }),
    get(X),
    mergePatch(X, { spec: { size: 5 } }),
    jsonPatch(X, [{ op: 'replace', path: '/spec/size', value: 7 }]),
    strategicPatch(X, { spec: { size: 8 } }),
    put(X, thing({ spec: { color: 'blue' } })),
    get(THINGS),
    remove(X),
    get(X),
    remove(`${CRDS}/things.${group}`),
    gone(`${CRDS}/things.${group}`),
    (on) => on.until(get(THINGS), ({ status }) => status === 404),
  ),
  sequence(
    'checked',
    ...defined([version('v1', RULES)]),
    ...[
      { size: 0 },
      { size: 11 },
      { size: 'x' },
      { size: 1.5 },
      { name: 'a' },
      { name: 'toolong' },
      { name: 'AB' },
      { color: 'green' },
      { tags: ['a', 'b', 'c'] },
      { tags: ['a', 'a'] },
      { ports: [{ port: 1 }, { port: 1 }] },
      { ports: [{}] },
      { when: 'now' },
      { either: true },
      { map: { a: 'x' } },
      { maybe: null },
      { name: null },
      { ratio: 0.3 },
      { ratio: 0 },
      { on: 'yes' },
      { one: {} },
      { one: { a: 'x', b: 'y' } },
    ].map((fields) => dry({ spec: { color: 'red', ...fields } })),
    dry({}),
    dry({ spec: {} }),
    dry({ spec: 'x' }),
    dry({ spec: null }),
  ),
  sequence(
    'pruned and filled in',
    ...defined([version('v1', RULES)]),
    make({
      spec: { color: 'red', foo: 1, free: { any: { thing: [1, null] } }, ports: [{ port: 80, x: 1 }], size: null },
      other: 1,
    }),
    get(X),
  ),
  sequence(
    'strict and warned',
    ...defined([version('v1', RULES)]),
    ...['Strict', 'Warn', 'Ignore'].map((value) =>
      post(
        `${THINGS}?dryRun=All&fieldValidation=${value}`,
        thing({ spec: { color: 'red', foo: 1, ports: [{ port: 80, x: 1 }] }, bar: 2 }),
      ),
    ),
    ...['Strict', 'Warn'].map((value) =>
      post(
        `${THINGS}?dryRun=All&fieldValidation=${value}`,
        '{"apiVersion":"{id}.example.com/v1","kind":"Thing","metadata":{"name":"x","foo":1},"spec":{"color":"red","color":"blue"}}',
      ),
    ),
  ),
  sequence(
    'applied',
    ...defined([version('v1', RULES)]),
    apply(`${X}?fieldManager=one`, thing({ spec: { color: 'red', ports: [{ port: 80 }], tags: ['a'] } })),
    apply(`${X}?fieldManager=two`, thing({ spec: { color: 'red', ports: [{ port: 81 }], tags: ['b'] } })),
    apply(`${X}?fieldManager=two`, thing({ spec: { color: 'blue' } })),
    apply(`${X}?fieldManager=one`, thing({ spec: { color: 'red' } })),
  ),
  sequence(
    'status and scale',
    ...defined([
      version('v1', spec({ replicas: { type: 'integer' } }), {
        subresources: {
          status: {},
          scale: {
            specReplicasPath: '.spec.replicas',
            statusReplicasPath: '.status.replicas',
            labelSelectorPath: '.status.selector',
          },
        },
      }),
    ]),
    make({ spec: { replicas: 2 }, status: { replicas: 9 } }),
    mergePatch(`${X}/status`, { status: { replicas: 1, selector: 'a=b' }, spec: { replicas: 5 } }),
    get(`${X}/scale`),
    mergePatch(`${X}/scale`, { spec: { replicas: 4 } }),
    mergePatch(X, { spec: { replicas: 3 }, status: { replicas: 0 } }),
    get(`${X}/status`),
  ),
  sequence(
    'without subresources',
    ...defined([version('v1', spec({}))]),
    make({ spec: {}, status: { x: 1 } }),
    get(`${X}/status`),
    get(`${X}/scale`),
    mergePatch(X, { status: { x: 2 } }),
  ),
];

const asTable = { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' } };
const COLUMNS = [
  { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
  { name: 'Color', type: 'string', jsonPath: '.spec.color', priority: 1 },
  { name: 'Since', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  { name: 'First', type: 'string', jsonPath: '.spec.tags[0]' },
  { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  { name: 'On', type: 'boolean', jsonPath: '.spec.on' },
  { name: 'All', type: 'string', jsonPath: '.spec.tags' },
  { name: 'Ratio', type: 'number', jsonPath: '.spec.ratio' },
];

const shown: Sequence[] = [
  sequence(
    'as a table',
    ...defined([version('v1', RULES, { additionalPrinterColumns: COLUMNS })]),
    make({
      spec: { color: 'red', tags: ['a', 'b'], ratio: 1.5 },
      status: {
        conditions: [
          { type: 'Other', status: 'x' },
          { type: 'Ready', status: 'True' },
        ],
      },
    }),
    post(THINGS, thing({ spec: { color: 'blue' } }, 'y')),
    get(THINGS, asTable),
    get(X, asTable),
    get(`${THINGS}?includeObject=Object`, asTable),
  ),
  sequence('as a table without columns', ...defined([version('v1', spec({}))]), make({}), get(THINGS, asTable)),
  sequence(
    'as metadata',
    ...defined([version('v1', spec({}))]),
    make({}),
    get(X, { headers: { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' } }),
    get(THINGS, { headers: { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' } }),
    get(X, { headers: { accept: 'application/vnd.kubernetes.protobuf' } }),
    get(X, { headers: { accept: 'application/vnd.kubernetes.protobuf,application/json' } }),
  ),
  sequence(
    'in discovery',
    ...defined([version('v1', spec({}), { subresources: { status: {} } }), version('v1alpha1', spec({}))]),
    get(`/apis/${group}`),
    get(`/apis/${group}/v1`),
    get(`/apis/${group}/v1alpha1`),
  ),
  sequence(
    'selected',
    ...defined([version('v1', RULES, { selectableFields: [{ jsonPath: '.spec.color' }] })]),
    make({ spec: { color: 'red' } }),
    get(`${THINGS}?fieldSelector=spec.color=red`),
    get(`${THINGS}?fieldSelector=spec.color=blue`),
    get(`${THINGS}?fieldSelector=spec.size=3`),
    get(`${THINGS}?fieldSelector=metadata.name=x`),
  ),
  sequence('watched', ...defined([version('v1', RULES)]), get(THINGS, { save: { rv: 'metadata.resourceVersion' } }), {
    path: `${THINGS}?watch=1&resourceVersion={rv}`,
    events: 3,
    while: [make({ spec: { color: 'red' } }), mergePatch(X, { spec: { size: 4 } }), remove(X)],
  }),
];

const versions: Sequence[] = [
  sequence(
    'two versions',
    ...defined([
      version('v1', spec({ a: { type: 'string' } })),
      version('v1beta1', spec({ a: { type: 'string' }, b: { type: 'integer', default: 5 } })),
    ]),
    make({ spec: { a: 'x' } }),
    get(`/apis/${group}/v1beta1/namespaces/{ns}/things/x`),
    post(`/apis/${group}/v1beta1/namespaces/{ns}/things`, thing({ spec: { a: 'y', b: 7 } }, 'y', `${group}/v1beta1`)),
    get(THINGS),
    get(`/apis/${group}/v1beta1/namespaces/{ns}/things`),
  ),
  sequence(
    'a deprecated version',
    ...defined([
      version('v1', spec({})),
      version('v1beta1', spec({}), { deprecated: true, deprecationWarning: 'use v1' }),
      version('v1alpha1', spec({}), { deprecated: true }),
    ]),
    get(`/apis/${group}/v1beta1/namespaces/{ns}/things`),
    get(`/apis/${group}/v1alpha1/namespaces/{ns}/things`),
  ),
  sequence(
    'a version no longer served',
    ...defined([version('v1', spec({})), version('v2', spec({}))]),
    get(`/apis/${group}/v2/namespaces/{ns}/things`),
    jsonPatch(`${CRDS}/things.${group}`, [{ op: 'replace', path: '/spec/versions/1/served', value: false }]),
    (on) => on.until(get(`/apis/${group}/v2/namespaces/{ns}/things`), ({ status }) => status === 404),
  ),
  sequence(
    'deleted with its objects',
    ...defined([version('v1', spec({}))]),
    make({}),
    remove(`${CRDS}/things.${group}`),
    gone(`${CRDS}/things.${group}`),
  ),
  clusterSequence(
    'outside namespaces',
    ...defined([version('v1', spec({}))], { scope: 'Cluster' }),
    post(`/apis/${group}/v1/things`, thing({}, '{id}')),
    get(`/apis/${group}/v1/things/{id}`),
    get(`/apis/${group}/v1/namespaces/default/things`),
    post(`/apis/${group}/v1/things`, thing({}, 'UPPER')),
  ),
];

const bad = (name: string, fields: Fields) => clusterSequence(name, post(`${CRDS}?dryRun=All`, fields));
const refused: Sequence[] = [
  bad('of another name', { ...definition([version('v1', {})]), metadata: { name: 'other.example.com' } }),
  bad('without storage', definition([{ ...version('v1', {}), storage: false }])),
  bad('with two storages', definition([version('v1', {}), { ...version('v2', {}), storage: true }])),
  bad('without schema', definition([{ name: 'v1', served: true, storage: true }])),
  bad('with a schema that is not structural', definition([version('v1', { properties: { a: {} } })])),
  bad('with a type that is none', definition([version('v1', { properties: { a: { type: 'thing' } } })])),
  bad(
    'with a default that does not fit',
    definition([version('v1', { properties: { a: { type: 'integer', default: 'x' } } })]),
  ),
  bad(
    'with a pattern that is none',
    definition([version('v1', { properties: { a: { type: 'string', pattern: '(' } } })]),
  ),
  bad('with a version name', definition([{ ...version('v1', {}), name: 'One' }])),
  bad('with a version twice', definition([version('v1', {}), { ...version('v1', {}), storage: false }])),
  bad('with names', definition([version('v1', {})], { names: { plural: 'Things', kind: '1' } })),
  bad(
    'with a column',
    definition([version('v1', {}, { additionalPrinterColumns: [{ name: '', type: 'x', jsonPath: 'a' }] })]),
  ),
  bad('with a scale without paths', definition([version('v1', {}, { subresources: { scale: {} } })])),
  bad(
    'with a list type',
    definition([
      version('v1', {
        properties: { a: { type: 'array', 'x-kubernetes-list-type': 'map', items: { type: 'object' } } },
      }),
    ]),
  ),
  bad('with a conversion', definition([version('v1', {})], { conversion: { strategy: 'Webhook' } })),
  bad('preserving everything', definition([version('v1', {})], { preserveUnknownFields: true })),
  bad('of a group that is protected', {
    ...definition([version('v1', {})]),
    metadata: { name: 'things.x.k8s.io' },
    spec: { ...definition([version('v1', {})]).spec, group: 'x.k8s.io' },
  }),
];

export const CUSTOM = topic('custom', ...life, ...shown, ...versions, ...refused);
