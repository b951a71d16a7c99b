/** The patches, and how strictly fields are looked at. */

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

export const PATCHES = [
  ...topic('patch', ...patches),
  ...topic('strategic', ...strategic),
  ...topic('field validation', ...strictness, ...strictPods),
];
