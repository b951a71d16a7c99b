/** Paths, methods, media types, bodies: the HTTP of it, and the documents that describe it. */
import {
  clusterSequence,
  core,
  get,
  mergePatch,
  post,
  put,
  remove,
  type Sequence,
  type Step,
  sequence,
  topic,
} from '../sequence.ts';

const MAPS = core('configmaps');
const A = `${MAPS}/a`;
const accept = (value: string) => ({ headers: { accept: value } });
const typed = (type: string) => ({ headers: { 'content-type': type } });
const map = (data: Record<string, unknown> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a' },
  data,
});

const PATHS = [
  '/apis/nothing',
  '/apis/nothing.io/v1',
  '/apis/apps/v9',
  '/apis/apps/v1/nothing',
  '/api/v2',
  '/api/v1/nothing',
  '/api/v1/namespaces/default/nothing',
  '/api/v1/namespaces/default/nothing/x',
  '/api/v1/nodes/x/y/z',
  '/api/v1/namespaces/default/pods/x/y',
  '/nothing',
  '/api/v1/pods/x',
  '/apis/apps/v1/namespaces/default/deployments/x/nothing',
  '/api/',
  '/api/v1/',
  '/apis/apps/v1/',
  '//api',
  '/api/v1/namespaces//podtemplates?labelSelector=none',
  '/api/v1/namespaces/default/pods/',
  '/API/v1',
  '/api/v1/componentstatuses/x',
  '/apis/metrics.k8s.io/v1',
  '/apis/batch/v1beta1',
  '/apis/policy/v1beta1/podsecuritypolicies',
];

const paths: Sequence[] = [
  ...[0, 8, 16].map((from) =>
    clusterSequence(`paths that lead nowhere, from ${from}`, ...PATHS.slice(from, from + 8).map((path) => get(path))),
  ),
  clusterSequence(
    'methods nobody takes',
    ...(
      [
        ['POST', '/api/v1/nodes/x'],
        ['PUT', '/api/v1/nodes'],
        ['PATCH', '/api/v1/nodes'],
        ['DELETE', '/api'],
        ['POST', '/version'],
        ['PUT', '/apis/apps/v1'],
        ['OPTIONS', '/api/v1/nodes'],
        ['HEAD', '/api/v1/namespaces/default'],
        ['TRACE', '/api/v1/nodes'],
        ['DELETE', '/api/v1/componentstatuses'],
      ] as const
    ).map(([method, path]): Step => ({ method, path, headers: { 'content-type': 'application/json' } })),
  ),
  clusterSequence('components', get('/api/v1/componentstatuses/none')),
  clusterSequence(
    'health',
    ...[
      '/healthz',
      '/livez',
      '/readyz',
      '/healthz/ping',
      '/livez/ping',
      '/readyz/ping',
      '/healthz/none',
      '/healthz/etcd',
      '/livez?exclude=etcd',
      '/livez/log',
    ].map((path) => get(path)),
  ),
];

const ACCEPTS = [
  'text/html',
  '*/*',
  'application/*',
  'application/yaml',
  'application/json;as=Table;v=v2;g=meta.k8s.io',
  'application/json;as=Table;v=v1beta1;g=meta.k8s.io',
  'application/json;as=Other;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
  'application/json;as=Table;v=v2;g=meta.k8s.io, application/json',
  'text/plain, application/json;q=0.5',
  'nonsense',
  '',
  'application/json;stream=watch',
  'application/cbor',
  'application/json;charset=utf-8',
  'application/json;pretty=1',
];

const negotiation: Sequence[] = [
  ...[0, 6, 12].map((from) =>
    sequence(
      `accept, from ${from}`,
      post(MAPS, map({ k: 'v' })),
      ...ACCEPTS.slice(from, from + 6).flatMap((value) => [
        get(A, accept(value)),
        get(`${MAPS}?fieldSelector=metadata.name=a`, accept(value)),
      ]),
    ),
  ),
  sequence(
    'writes with accept',
    ...[
      'application/json;as=Table;v=v1;g=meta.k8s.io',
      'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
      'text/html',
    ].flatMap((value) => [
      post(MAPS, map(), accept(value)),
      put(A, map({ x: 'y' }), accept(value)),
      mergePatch(A, { data: { z: 'w' } }, accept(value)),
      remove(A, undefined, accept(value)),
    ]),
  ),
  sequence(
    'errors with accept',
    ...[
      'application/json;as=Table;v=v1;g=meta.k8s.io',
      'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
      'application/yaml',
      'application/vnd.kubernetes.protobuf',
    ].map((value) => get(`${MAPS}/none`, accept(value))),
  ),
  sequence(
    'watches with accept',
    ...['text/html', 'application/yaml', 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'].map(
      (value): Step => ({
        path: `${MAPS}?watch=1&resourceVersion=0&fieldSelector=metadata.name=kube-root-ca.crt`,
        events: 1,
        withinMs: 400,
        headers: { accept: value },
      }),
    ),
  ),
  ...[
    'application/yaml',
    'application/json; charset=utf-8',
    'text/yaml',
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    '',
    'application/cbor',
    'application/merge-patch+json',
    'nonsense',
  ].map((type) =>
    sequence(
      `a body of type "${type}"`,
      post(MAPS, map({ k: 'v' }), typed(type)),
      put(A, map({ k: 'w' }), typed(type)),
    ),
  ),
  sequence(
    'compressed when large',
    post(MAPS, map({ big: 'x'.repeat(200_000) }), { unrecorded: true }),
    get(A, { headers: { 'accept-encoding': 'gzip' } }),
    get(`${MAPS}/kube-root-ca.crt`, { headers: { 'accept-encoding': 'gzip' } }),
    get(`${MAPS}?fieldSelector=metadata.name=a`, { headers: { 'accept-encoding': 'gzip' } }),
    get(`${MAPS}?fieldSelector=metadata.name=a`, { headers: { 'accept-encoding': 'br' } }),
  ),
  sequence(
    'includeObject',
    post(MAPS, map({ k: 'v' })),
    ...['', 'None', 'Metadata', 'Object', 'Other'].map((value) =>
      get(
        `${MAPS}?fieldSelector=metadata.name=a&includeObject=${value}`,
        accept('application/json;as=Table;v=v1;g=meta.k8s.io'),
      ),
    ),
  ),
];

const BODIES: Record<string, string | Buffer> = {
  nothing: '',
  'no json': '{',
  'half of it': '{"metadata":{"name":"a"}',
  text: 'hello',
  'a list': '[]',
  'a number': '5',
  null: 'null',
  'a text': '"x"',
  'two objects': '{"metadata":{"name":"a"}}{"metadata":{"name":"b"}}',
  'a comma too many': '{"metadata":{"name":"a"},}',
  'bytes that are no text': Buffer.from([0xff, 0xfe, 0x7b]),
  'broken utf-8': Buffer.concat([
    Buffer.from('{"metadata":{"name":"a"},"data":{"k":"'),
    Buffer.from([0xff]),
    Buffer.from('"}}'),
  ]),
  'a byte order mark': '\ufeff{"metadata":{"name":"a"}}',
  deep: `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  'a huge number': '{"metadata":{"name":"a","generation":99999999999999999999}}',
  yaml: 'metadata:\n  name: a\n',
  'a list object': '{"kind":"List","apiVersion":"v1","items":[]}',
  'a list of config maps': '{"kind":"ConfigMapList","apiVersion":"v1","items":[]}',
  'metadata that is none': '{"metadata":"x"}',
  'metadata that is a list': '{"metadata":[]}',
  'a kind that is a number': '{"kind":5,"apiVersion":"v1","metadata":{"name":"a"}}',
  'labels that are numbers': '{"metadata":{"name":"a","labels":{"a":5}}}',
  'a time that is none': '{"metadata":{"name":"a","creationTimestamp":"yesterday"}}',
};

const bodies: Sequence[] = [
  ...Object.entries(BODIES).map(([name, body]) => sequence(`a body that is ${name}`, post(MAPS, body), put(A, body))),
  sequence(
    'yaml bodies',
    post(MAPS, 'metadata:\n  name: a\ndata:\n  k: v\n', typed('application/yaml')),
    post(MAPS, 'metadata: {name: b}\ndata: {n: 5}\n', typed('application/yaml')),
    post(MAPS, 'metadata: [', typed('application/yaml')),
    post(MAPS, 'metadata: {name: c}\n---\nmetadata: {name: d}\n', typed('application/yaml')),
    post(MAPS, 'metadata: {name: e}\nmetadata: {name: f}\n', typed('application/yaml')),
    post(
      `${MAPS}?fieldValidation=Strict`,
      'metadata: {name: g}\nfoo: 1\ndata: {a: b}\ndata: {c: d}\n',
      typed('application/yaml'),
    ),
  ),
  sequence(
    'too large',
    post(MAPS, map({ big: 'x'.repeat(1_040_000) }), { unordered: [] }),
    post(MAPS, { ...map(), metadata: { name: 'b', labels: {} }, data: { big: 'x'.repeat(1_500_000) } }),
    post(MAPS, map({ big: 'x'.repeat(3_200_000) })),
    mergePatch(A, { data: { big: 'x'.repeat(3_200_000) } }),
  ),
];

export const PROTOCOL = [
  ...topic('path', ...paths),
  ...topic('negotiate', ...negotiation),
  ...topic('body', ...bodies),
];
