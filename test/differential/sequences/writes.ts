/** POST, PUT and the patches: what they answer, what they leave behind, what they refuse. */

import { deployment, pod } from '../objects.ts';
import {
  apps,
  core,
  get,
  jsonPatch,
  mergePatch,
  post,
  put,
  remove,
  type Sequence,
  type Step,
  sequence,
  settled,
  strategicPatch,
  topic,
} from '../sequence.ts';

const MAPS = core('configmaps');
const A = `${MAPS}/a`;
const map = (name: string, data: Record<string, unknown> = { k: 'v' }, metadata: Record<string, unknown> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
});
const made: Step = post(MAPS, map('a'), { save: { rv: 'metadata.resourceVersion', uid: 'metadata.uid' } });

const creates: Sequence[] = [
  sequence('twice', made, post(MAPS, map('a')), post(`${MAPS}?dryRun=All`, map('a'))),
  sequence('in another namespace than the object says', post(MAPS, map('a', {}, { namespace: 'other' }))),
  sequence(
    'of another kind',
    post(MAPS, { ...map('a'), kind: 'Secret' }),
    post(MAPS, { ...map('a'), kind: 'Nothing' }),
  ),
  sequence(
    'of another version',
    post(MAPS, { ...map('a'), apiVersion: 'v2' }),
    post(MAPS, { ...map('a'), apiVersion: 'apps/v1' }),
  ),
  sequence(
    'without kind and version',
    post(MAPS, { metadata: { name: 'a' } }),
    post(MAPS, { kind: 'ConfigMap', metadata: { name: 'b' } }),
  ),
  sequence(
    'with what the server decides',
    post(
      MAPS,
      map(
        'a',
        {},
        {
          uid: 'x',
          resourceVersion: '5',
          creationTimestamp: '2020-01-01T00:00:00Z',
          generation: 7,
          selfLink: '/x',
        },
      ),
    ),
    post(
      MAPS,
      map(
        'b',
        {},
        {
          uid: 'x',
          creationTimestamp: '2020-01-01T00:00:00Z',
          generation: 7,
          selfLink: '/x',
          deletionTimestamp: '2020-01-01T00:00:00Z',
          deletionGracePeriodSeconds: 5,
        },
      ),
    ),
  ),
  sequence(
    'with a name to generate',
    post(MAPS, { metadata: { generateName: 'made-' } }, { save: { name: 'metadata.name' } }),
    get(`${MAPS}/{name}`),
    post(MAPS, { metadata: { generateName: 'UPPER-' } }),
    post(MAPS, { metadata: { generateName: 'both-', name: 'a' } }),
    post(`${MAPS}?dryRun=All`, { metadata: { generateName: 'dry-' } }),
    post(MAPS, { metadata: { generateName: `${'x'.repeat(260)}-` } }),
  ),
  sequence('without a name', post(MAPS, { metadata: {} }), post(MAPS, {}), post(MAPS, { metadata: { name: '' } })),
  sequence(
    'under names that cannot be',
    ...['UPPER', 'a_b', '-a', 'a..b', 'a/b', 'x'.repeat(254), 'ä', '.', '..', 'a%2fb'].map((name) =>
      post(MAPS, map(name)),
    ),
  ),
  sequence(
    'dry',
    post(`${MAPS}?dryRun=All`, map('a')),
    get(A),
    post(`${MAPS}?dryRun=Some`, map('a')),
    post(`${MAPS}?dryRun=`, map('dry')),
    post(`${MAPS}?dryRun=All&dryRun=All`, map('a')),
  ),
  sequence(
    'with a field manager',
    post(`${MAPS}?fieldManager=me`, map('a')),
    post(`${MAPS}?fieldManager=${'x'.repeat(129)}`, map('b')),
    post(`${MAPS}?fieldManager=%01`, map('c')),
  ),
  sequence(
    'with pretty and unknown parameters',
    post(`${MAPS}?pretty=true&foo=bar`, map('a')),
    get(`${A}?pretty=true`),
  ),
  sequence(
    'with labels that cannot be',
    ...[
      { 'a b': 'x' },
      { a: 'x y' },
      { 'a/b/c': 'x' },
      { a: 'x'.repeat(64) },
      { ['x'.repeat(64)]: 'a' },
      { '': 'a' },
    ].map((labels, at) => post(MAPS, map(`l${at}`, {}, { labels }))),
  ),
  sequence(
    'with annotations that cannot be',
    ...[{ 'a b': 'x' }, { UPPER: 'fine' }, { 'Not.Lower/x': 'fine' }, { big: 'x'.repeat(270000) }].map(
      (annotations, at) => post(MAPS, map(`n${at}`, {}, { annotations })),
    ),
  ),
  sequence(
    'with finalizers',
    ...[['bad'], ['example.com/ok'], ['a/b/c'], ['orphan'], ['']].map((finalizers, at) =>
      post(MAPS, map(`f${at}`, {}, { finalizers })),
    ),
    ...[1, 3].map((at) => mergePatch(`${MAPS}/f${at}`, { metadata: { finalizers: null } })),
  ),
  sequence(
    'with owners',
    ...[
      [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: '' }],
      [{ apiVersion: '', kind: '', name: '', uid: '' }],
      [{ apiVersion: 'v1', kind: 'Event', name: 'x', uid: '123' }],
      [{ apiVersion: 'a/b/c', kind: 'X', name: 'x', uid: '123' }],
      [
        { apiVersion: 'v1', kind: 'A', name: 'x', uid: '1', controller: true },
        { apiVersion: 'v1', kind: 'A', name: 'y', uid: '2', controller: true },
      ],
    ].map((ownerReferences, at) => post(MAPS, map(`o${at}`, {}, { ownerReferences }))),
  ),
  sequence(
    'with managed fields of its own',
    post(
      MAPS,
      map(
        'a',
        { k: 'v' },
        {
          managedFields: [
            {
              manager: 'x',
              operation: 'Update',
              apiVersion: 'v1',
              fieldsType: 'FieldsV1',
              fieldsV1: { 'f:data': {} },
              time: '2020-01-01T00:00:00Z',
            },
          ],
        },
      ),
    ),
    post(
      MAPS,
      map('b', {}, { managedFields: [{ manager: 'x', operation: 'Bad', apiVersion: 'v1', fieldsType: 'FieldsV2' }] }),
    ),
  ),
  sequence('on an object', post(A, map('a')), made, post(A, map('a'))),
  sequence(
    'in a namespace that is not there',
    post('/api/v1/namespaces/{ns}-none/configmaps', map('a')),
    post('/api/v1/configmaps', map('a')),
  ),
];

const puts: Sequence[] = [
  sequence(
    'with and without a version',
    made,
    put(A, map('a', { k: 'new' })),
    put(A, map('a', { k: 'old' }, { resourceVersion: '{rv}' })),
    put(A, map('a', { k: 'old' }, { resourceVersion: 'abc' })),
    put(A, map('a', { k: 'old' }, { resourceVersion: '0' })),
    get(A, { save: { rv: 'metadata.resourceVersion' } }),
    put(A, map('a', { k: 'newer' }, { resourceVersion: '{rv}' })),
  ),
  sequence(
    'of nothing that is there',
    put(A, map('a')),
    put(A, map('a', {}, { resourceVersion: '5' })),
    put(A, map('a', {}, { uid: 'x' })),
  ),
  sequence(
    'with another name or namespace',
    made,
    put(A, map('b')),
    put(A, map('')),
    put(A, map('a', {}, { namespace: 'x' })),
    put(A, { data: {} }),
  ),
  sequence(
    'with another uid',
    made,
    put(A, map('a', {}, { uid: '11111111-1111-1111-1111-111111111111' })),
    put(A, map('a', {}, { uid: '{uid}' })),
  ),
  sequence('of the same', made, put(A, map('a')), put(A, map('a'))),
  sequence(
    'with metadata that cannot change',
    made,
    put(A, map('a', {}, { creationTimestamp: '2020-01-01T00:00:00Z' })),
    put(A, map('a', {}, { generation: 5 })),
    put(A, map('a', {}, { deletionTimestamp: '2020-01-01T00:00:00Z' })),
    put(A, map('a', {}, { generateName: 'x' })),
    put(A, map('a', {}, { selfLink: 'x' })),
    get(A),
  ),
  sequence('dry', made, put(`${A}?dryRun=All`, map('a', { k: 'dry' })), get(A)),
  sequence('on a collection', put(MAPS, map('a')), mergePatch(MAPS, map('a'))),
  sequence(
    'empties fields',
    post(MAPS, map('a', { a: '1', b: '2' }, { labels: { x: 'y' }, annotations: { p: 'q' } })),
    put(A, map('a', {})),
    put(A, map('a', { n: null })),
  ),
];

const patches: Sequence[] = [
  sequence(
    'merge',
    made,
    mergePatch(A, { data: { x: 'y', k: null } }),
    mergePatch(A, { metadata: { labels: { a: 'b' } } }),
    mergePatch(A, {}),
    mergePatch(A, { data: null }),
    mergePatch(A, { data: { a: { b: 'c' } } }),
    mergePatch(A, []),
    mergePatch(A, 'not json'),
    mergePatch(A, 'null'),
  ),
  sequence(
    'merge with conditions',
    made,
    mergePatch(A, { metadata: { resourceVersion: '1' }, data: { x: 'y' } }),
    mergePatch(A, { metadata: { resourceVersion: '{rv}' }, data: { x: 'y' } }),
    mergePatch(A, { metadata: { uid: '1' } }),
    mergePatch(A, { metadata: { name: 'b' } }),
    mergePatch(A, { metadata: { namespace: 'b' } }),
    mergePatch(A, { kind: 'Secret' }),
    mergePatch(A, { apiVersion: 'v2' }),
  ),
  sequence('merge of nothing that is there', mergePatch(A, { data: {} }), jsonPatch(A, []), strategicPatch(A, {})),
  sequence(
    'json',
    made,
    jsonPatch(A, [{ op: 'add', path: '/data/x', value: 'y' }]),
    jsonPatch(A, [
      { op: 'test', path: '/data/x', value: 'y' },
      { op: 'remove', path: '/data/x' },
    ]),
    jsonPatch(A, [
      { op: 'replace', path: '/data/k', value: 'w' },
      { op: 'copy', from: '/data/k', path: '/data/l' },
      { op: 'move', from: '/data/l', path: '/data/m' },
    ]),
    jsonPatch(A, []),
    jsonPatch(A, [{ op: 'add', path: '/metadata/labels', value: { 'a~b': 'x' } }]),
    jsonPatch(A, [
      { op: 'add', path: '/metadata/annotations', value: { 'x/y': '1' } },
      { op: 'replace', path: '/metadata/annotations/x~1y', value: '2' },
    ]),
  ),
  ...[
    ['json of a path that is not there', [{ op: 'remove', path: '/data/none' }]],
    ['json of a parent that is not there', [{ op: 'add', path: '/a/b/c', value: 1 }]],
    ['json test that fails', [{ op: 'test', path: '/data/k', value: 'other' }]],
    ['json test of nothing', [{ op: 'test', path: '/data/none', value: 'other' }]],
    ['json of an unknown operation', [{ op: 'swap', path: '/data/k' }]],
    ['json without a path', [{ op: 'add', value: 1 }]],
    ['json without a value', [{ op: 'add', path: '/data/x' }]],
    ['json with a wrong type', [{ op: 'add', path: '/data/x', value: 5 }]],
    ['json that takes the name', [{ op: 'remove', path: '/metadata/name' }]],
    ['json that is an object', { op: 'add', path: '/data/x', value: 'y' }],
    ['json that is no json', 'x'],
    ['json that replaces all', [{ op: 'replace', path: '', value: { metadata: { name: 'a' } } }]],
    [
      'json into a list at an index too high',
      [
        { op: 'add', path: '/metadata/finalizers', value: [] },
        { op: 'add', path: '/metadata/finalizers/5', value: 'a/b' },
      ],
    ],
    ['json that moves nothing', [{ op: 'move', from: '/data/none', path: '/data/k' }]],
    ['json that copies nothing', [{ op: 'copy', from: '/data/none', path: '/data/k' }]],
    ['json with a pointer that has no slash', [{ op: 'add', path: 'data', value: {} }]],
  ].map(([name, patch]) => sequence(name as string, made, jsonPatch(A, patch), get(A))),
  sequence(
    'of a type there is none of',
    made,
    { method: 'PATCH', path: A, body: { data: {} }, headers: { 'content-type': 'application/json' } },
    { method: 'PATCH', path: A, body: { data: {} }, headers: { 'content-type': 'text/plain' } },
    { method: 'PATCH', path: A, body: { data: {} }, headers: { 'content-type': '' } },
  ),
  sequence(
    'dry',
    made,
    mergePatch(`${A}?dryRun=All`, { data: { x: 'y' } }),
    jsonPatch(`${A}?dryRun=All`, [{ op: 'remove', path: '/data' }]),
    get(A),
    mergePatch(`${A}?force=true`, { data: {} }),
    mergePatch(`${A}?fieldManager=me`, { data: { m: 'e' } }),
  ),
];

const PODS = `${core('pods')}/p`;
const podWith = (spec: Record<string, unknown>) => post(core('pods'), pod('p', spec));

const strategic: Sequence[] = [
  sequence(
    'containers by name',
    podWith({}),
    strategicPatch(PODS, { spec: { containers: [{ name: 'main', image: 'other:1' }] } }),
    strategicPatch(PODS, { spec: { containers: [{ name: 'extra', image: 'x' }] } }),
    strategicPatch(PODS, { spec: { containers: [{ image: 'x' }] } }),
  ),
  sequence(
    'labels and annotations',
    podWith({}),
    strategicPatch(PODS, { metadata: { labels: { a: 'b' }, annotations: { c: 'd' } } }),
    strategicPatch(PODS, { metadata: { labels: { a: null }, annotations: { $patch: 'delete' } } }),
    strategicPatch(PODS, { metadata: { labels: { $patch: 'replace', only: 'this' } } }),
  ),
  sequence(
    'finalizers',
    podWith({}),
    strategicPatch(PODS, { metadata: { finalizers: ['a.b/c'] } }),
    strategicPatch(PODS, { metadata: { finalizers: ['d.e/f', 'a.b/c'] } }),
    strategicPatch(PODS, { metadata: { '$setElementOrder/finalizers': ['a.b/c', 'd.e/f'] } }),
    strategicPatch(PODS, { metadata: { '$deleteFromPrimitiveList/finalizers': ['a.b/c', 'd.e/f'] } }),
  ),
  sequence(
    'tolerations and a nonsense directive',
    podWith({}),
    strategicPatch(PODS, { spec: { tolerations: [{ key: 'x', operator: 'Exists', effect: 'NoExecute' }] } }),
    strategicPatch(PODS, { spec: { tolerations: [{ $patch: 'nonsense' }] } }),
    strategicPatch(PODS, { spec: { activeDeadlineSeconds: 50 } }),
    strategicPatch(PODS, { spec: { containers: { name: 'x' } } }),
  ),
  sequence(
    'a deployment',
    post(apps('deployments'), deployment('d', { replicas: 0, paused: true })),
    settled(`${apps('deployments')}/d`),
    ...[
      {
        spec: {
          template: { spec: { containers: [{ name: 'side', image: 'side:1', ports: [{ containerPort: 80 }] }] } },
        },
      },
      {
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: 'side',
                  ports: [{ containerPort: 81 }],
                  env: [
                    { name: 'A', value: '1' },
                    { name: 'B', value: '2' },
                  ],
                },
              ],
            },
          },
        },
      },
      {
        spec: {
          template: {
            spec: {
              $setElementOrder: 1,
              '$setElementOrder/containers': [{ name: 'side' }, { name: 'main' }],
              containers: [{ name: 'side', env: [{ name: 'A', $patch: 'delete' }] }],
            },
          },
        },
      },
      {
        spec: {
          template: {
            spec: {
              '$setElementOrder/containers': [{ name: 'side' }, { name: 'main' }],
              containers: [{ name: 'side', env: [{ name: 'A', $patch: 'delete' }] }],
            },
          },
        },
      },
      { spec: { template: { spec: { containers: [{ name: 'side', $patch: 'delete' }] } } } },
      { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } },
      { spec: { template: { spec: { containers: [{ $patch: 'replace' }, { name: 'new', image: 'new:1' }] } } } },
      { spec: { replicas: null } },
      { spec: { selector: { matchLabels: { app: 'other' } } } },
      { spec: { template: { spec: { volumes: [{ name: 'v', emptyDir: {} }] } } } },
      {
        spec: {
          template: {
            spec: { volumes: [{ name: 'v', configMap: { name: 'x' }, $retainKeys: ['name', 'configMap'] }] },
          },
        },
      },
    ].map((patch) => strategicPatch(`${apps('deployments')}/d?dryRun=All`, patch)),
    ...[
      {
        spec: {
          template: { spec: { containers: [{ name: 'side', image: 'side:1', ports: [{ containerPort: 80 }] }] } },
        },
      },
      {
        spec: {
          template: {
            spec: {
              '$setElementOrder/containers': [{ name: 'side' }, { name: 'main' }],
              containers: [{ name: 'side', image: 'side:2' }],
            },
          },
        },
      },
    ].map((patch) => strategicPatch(`${apps('deployments')}/d?dryRun=All`, patch)),
  ),
  sequence(
    'a service',
    post(core('services'), {
      metadata: { name: 's' },
      spec: { selector: { a: 'b' }, ports: [{ name: 'a', port: 80 }] },
    }),
    strategicPatch(`${core('services')}/s`, { spec: { ports: [{ name: 'b', port: 81 }] } }),
    strategicPatch(`${core('services')}/s`, { spec: { ports: [{ port: 81, $patch: 'delete' }] } }),
    strategicPatch(`${core('services')}/s`, { spec: { selector: { c: 'd', a: null } } }),
    mergePatch(`${core('services')}/s`, { spec: { ports: [{ name: 'c', port: 82 }] } }),
  ),
  sequence(
    'not for custom kinds or strange types',
    made,
    strategicPatch(A, 'x'),
    strategicPatch(A, []),
    strategicPatch(A, { data: 5 }),
    strategicPatch(A, { data: { k: 5 } }),
    strategicPatch(A, { unknown: 1 }),
  ),
];

const STRICTNESS = [
  '',
  '?fieldValidation=Strict',
  '?fieldValidation=Warn',
  '?fieldValidation=Ignore',
  '?fieldValidation=Other',
];
const ODD: Record<string, string> = {
  'an unknown field': '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"dota":{},"data":{"k":"v"}}',
  'a field twice':
    '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","name":"a"},"data":{"k":"v"},"data":{"l":"w"}}',
  'unknown fields deep inside':
    '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","foo":1,"labels":{"a":"b"},"ownerReferences":[{"apiVersion":"v1","kind":"X","name":"x","uid":"1","zzz":1}]},"x":1,"y":2}',
  'another case': '{"kind":"ConfigMap","apiVersion":"v1","Metadata":{"name":"a"},"Data":{"k":"v"}}',
  'a wrong type': '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"data":{"k":5}}',
  'a list for an object': '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"data":[]}',
  'base64 that is none': '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"binaryData":{"k":"***"}}',
  'text after the object': '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"}} x',
  nulls: '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","labels":null},"data":null,"immutable":null}',
};

const strictness: Sequence[] = Object.entries(ODD).map(([name, body]) =>
  sequence(
    name,
    ...STRICTNESS.flatMap((query) => [post(`${MAPS}${query}`, body), remove(A, undefined, { unrecorded: true })]),
    post(MAPS, map('a')),
    put(`${A}?fieldValidation=Strict`, body),
    put(`${A}?fieldValidation=Warn`, body),
  ),
);

const strictPods: Sequence[] = [
  sequence(
    'unknown and wrong fields of a pod',
    ...STRICTNESS.map((query) =>
      post(`${core('pods')}${query}${query ? '&' : '?'}dryRun=All`, {
        ...pod('p', {
          hostnam: 'x',
          containers: [{ name: 'a', image: 'b', imagee: 'c', ports: [{ containerPort: 80, foo: 1 }] }],
        }),
        stats: {},
      }),
    ),
  ),
  sequence(
    'patches with unknown fields',
    podWith({}),
    ...STRICTNESS.flatMap((query) => [
      mergePatch(`${PODS}${query}`, { spec: { foo: 1 }, metadata: { bar: 2 } }),
      strategicPatch(`${PODS}${query}`, { spec: { containers: [{ name: 'main', foo: 1 }] } }),
      jsonPatch(`${PODS}${query}`, [{ op: 'add', path: '/spec/foo', value: 1 }]),
    ]),
  ),
  ...[
    ['a port that is text', { containers: [{ name: 'a', image: 'b', ports: [{ containerPort: '80' }] }] }],
    ['a number that is not whole', { terminationGracePeriodSeconds: 1.5 }],
    ['a number too large', { terminationGracePeriodSeconds: 1e30 }],
    ['a yes for a boolean', { hostNetwork: 'yes' }],
    ['a number for a name', { nodeName: 5 }],
    ['an object for a list', { containers: { a: 1 } }],
    ['a quantity that is none', { containers: [{ name: 'a', image: 'b', resources: { limits: { cpu: 'many' } } }] }],
    [
      'a quantity that is a number',
      { containers: [{ name: 'a', image: 'b', resources: { limits: { cpu: 1, memory: 1e9 } } }] },
    ],
    ['a list of the wrong things', { containers: ['a'] }],
    ['text for an object', { securityContext: 'x' }],
    [
      'an int-or-string that is neither',
      { containers: [{ name: 'a', image: 'b', livenessProbe: { httpGet: { port: true } } }] },
    ],
    ['a time that is none', { containers: [{ name: 'a', image: 'b' }], activeDeadlineSeconds: '5' }],
  ].map(([name, spec]) =>
    sequence(`${name}, in a pod`, post(`${core('pods')}?dryRun=All`, pod('p', spec as Record<string, unknown>))),
  ),
];

export const WRITES = [
  ...topic('create', ...creates),
  ...topic('update', ...puts),
  ...topic('patch', ...patches),
  ...topic('strategic', ...strategic),
  ...topic('field validation', ...strictness, ...strictPods),
];
