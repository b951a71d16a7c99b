/** Server-side apply: who owns what, conflicts, what is removed. */
import {
  apply,
  apps,
  core,
  get,
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

const A = `${core('configmaps')}/a`;
const D = `${apps('deployments')}/d`;
/** Has lists with keys and no controller. */
const T = `${core('podtemplates')}/t`;
const map = (data: Record<string, unknown>, metadata: Record<string, unknown> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', ...metadata },
  data,
});
const by = (manager: string, object: unknown, query = '', path = A): Step =>
  apply(`${path}?fieldManager=${manager}${query}`, object);

const deployment = (spec: Record<string, unknown>) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd', labels: { app: 'x' } },
  spec: {
    replicas: 0,
    paused: true,
    selector: { matchLabels: { app: 'x' } },
    template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'main', image: 'nginx:1' }] } },
    ...spec,
  },
});
const containers = (...list: unknown[]) => ({
  apiVersion: 'v1',
  kind: 'PodTemplate',
  metadata: { name: 't' },
  template: { metadata: { labels: { app: 'x' } }, spec: { containers: list } },
});
const bare = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
/** The dependents of an owner that is not there would be collected. */
const owner = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', name, uid: `{${name}}` });

const applies: Sequence[] = [
  sequence('creates', by('one', map({ a: '1' })), by('one', map({ a: '1' })), get(A)),
  sequence(
    'takes fields away again',
    by('one', map({ a: '1', b: '2' }, { labels: { x: 'y' } })),
    by('one', map({ b: '2' })),
    by('one', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }),
  ),
  sequence(
    'two managers of other fields',
    by('one', map({ a: '1' })),
    by('two', map({ b: '2' })),
    by('one', map({})),
    by('two', map({ b: '3' })),
  ),
  sequence(
    'two managers of one field',
    by('one', map({ a: '1' })),
    by('two', map({ a: '1' })),
    by('two', map({ a: '2' })),
    by('two', map({ a: '2' }), '&force=true'),
    by('one', map({ a: '1' })),
    by('one', map({})),
    get(A),
  ),
  sequence(
    'conflicts with an update',
    post(core('configmaps'), map({ a: '1', b: '2' })),
    by('one', map({ a: '5' })),
    by('one', map({ a: '5', b: '6', c: '7' })),
    by('one', map({ a: '1' })),
    by('one', map({ a: '5' }), '&force=true'),
    get(A),
  ),
  sequence(
    'conflicts with several managers',
    by('one', map({ a: '1' })),
    by('two', map({ b: '1' })),
    put(`${A}?fieldManager=three`, map({ a: '1', b: '1', c: '1' })),
    by('four', map({ a: '2', b: '2', c: '2' })),
    by('four', map({ a: '2', b: '2', c: '2' }), '&force=true'),
  ),
  sequence(
    'an update after it',
    by('one', map({ a: '1' })),
    mergePatch(A, { data: { a: '2' } }),
    by('one', map({ a: '1' })),
    mergePatch(A, { data: { a: null } }),
    by('one', map({ a: '1' })),
  ),
  sequence(
    'dry',
    by('one', map({ a: '1' }), '&dryRun=All'),
    get(A),
    by('one', map({ a: '1' })),
    by('one', map({ a: '2' }), '&dryRun=All'),
    get(A),
  ),
  sequence('without a manager', apply(A, map({})), apply(`${A}?fieldManager=`, map({}))),
  sequence(
    'managed fields in it',
    by('one', map({ a: '1' }, { managedFields: [] })),
    by(
      'one',
      map(
        { a: '1' },
        {
          managedFields: [{ manager: 'x', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: {} }],
        },
      ),
    ),
  ),
  sequence(
    'of other names',
    by('one', { ...map({}), metadata: { name: 'b' } }),
    by('one', { ...map({}), metadata: {} }),
    by('one', { ...map({}), kind: 'Secret' }),
    by('one', { data: {} }),
    by('one', map({}, { namespace: 'other' })),
    by('one', 'no: [yaml'),
    by('one', '- list'),
    by('one', ''),
  ),
  sequence(
    'yaml',
    apply(
      `${A}?fieldManager=one`,
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: "1"\n  long: |\n    two\n    lines\n',
    ),
  ),
  sequence(
    'with a version',
    by('one', map({ a: '1' })),
    by('one', map({ a: '2' }, { resourceVersion: '1' })),
    by('one', map({ a: '2' }, { uid: '11111111-1111-1111-1111-111111111111' })),
    by('one', { ...map({}), metadata: { name: 'new', resourceVersion: '1' } }, '', `${core('configmaps')}/new`),
  ),
  sequence(
    'unknown fields',
    ...['', '&fieldValidation=Strict', '&fieldValidation=Warn', '&fieldValidation=Ignore'].flatMap((query) => [
      by('one', { ...map({ a: '1' }), dota: {} }, query),
      by('one', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: "1"}\ndata: {a: "2"}\n', query),
    ]),
  ),
  sequence(
    'wrong types',
    by('one', map({ a: 5 })),
    by('one', { ...map({}), data: [] }),
    by('one', { ...map({}), immutable: 'yes' }),
  ),
  sequence(
    'what cannot be',
    by('one', map({ 'a b': '1' })),
    by('one', { ...map({}), metadata: { name: 'a', labels: { 'a b': 'c' } } }),
  ),
  sequence(
    'force elsewhere',
    post(core('configmaps'), map({})),
    mergePatch(`${A}?force=true`, { data: {} }),
    by('one', map({}), '&force=maybe'),
  ),
];

const lists: Sequence[] = [
  sequence(
    'containers by two managers',
    by('one', containers({ name: 'main', image: 'nginx:1' }), '', T),
    by('two', containers({ name: 'main', image: 'nginx:1' }, { name: 'side', image: 'side:1' }), '', T),
    by('one', containers({ name: 'main', image: 'nginx:2' }), '', T),
    by('two', containers({ name: 'side', image: 'side:1' }), '', T),
    by('one', containers({ name: 'main', image: 'nginx:2' }), '', T),
  ),
  sequence(
    'ports, which have two keys',
    by(
      'one',
      containers({ name: 'main', image: 'n', ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP' }] }),
      '',
      T,
    ),
    by(
      'one',
      containers({ name: 'main', image: 'n', ports: [{ containerPort: 80, protocol: 'UDP', name: 'dns' }] }),
      '',
      T,
    ),
    by('one', containers({ name: 'main', image: 'n', ports: [{ containerPort: 80 }, { containerPort: 80 }] }), '', T),
  ),
  sequence(
    'env in order',
    by(
      'one',
      containers({
        name: 'main',
        image: 'n',
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
      }),
      '',
      T,
    ),
    by(
      'one',
      containers({
        name: 'main',
        image: 'n',
        env: [
          { name: 'B', value: '2' },
          { name: 'A', value: '3' },
        ],
      }),
      '',
      T,
    ),
    by('two', containers({ name: 'main', image: 'n', env: [{ name: 'C', value: '1' }] }), '', T),
    by('one', containers({ name: 'main', image: 'n', env: [{ name: 'A' }, { name: 'A' }] }), '', T),
  ),
  sequence(
    'a list that is one thing',
    by('one', containers({ name: 'main', image: 'n', args: ['a', 'b'] }), '', T),
    by('two', containers({ name: 'main', image: 'n', args: ['c'] }), '', T),
    by('two', containers({ name: 'main', image: 'n', args: ['c'] }), '&force=true', T),
  ),
  sequence(
    'replicas given up to a scaler',
    by('one', deployment({ replicas: 0 }), '', D),
    settled(D),
    mergePatch(`${D}/scale?fieldManager=scaler`, { spec: { replicas: 0 } }),
    by('two', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec: { replicas: 1 } }, '', D),
    by('two', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec: { replicas: 0 } }, '', D),
  ),
  sequence(
    'after client-side apply',
    post(apps('deployments?fieldManager=kubectl-client-side-apply'), deployment({})),
    settled(D),
    by('kubectl', deployment({ revisionHistoryLimit: 3 }), '', D),
    by('kubectl', deployment({ revisionHistoryLimit: 3 }), '&force=true', D),
  ),
  sequence(
    'set of finalizers',
    by('one', { ...bare, metadata: { name: 'a', finalizers: ['a.b/c'] } }),
    by('two', { ...bare, metadata: { name: 'a', finalizers: ['d.e/f'] } }),
    by('one', bare),
    by('two', bare),
    remove(A),
  ),
  sequence('empty data by two managers', by('one', map({})), by('two', map({})), by('one', map({}))),
  sequence(
    'owner references',
    ...['x', 'y'].map((name) =>
      post(core('configmaps'), { metadata: { name } }, { save: { [name]: 'metadata.uid' }, unrecorded: true }),
    ),
    by('one', { ...bare, metadata: { name: 'a', ownerReferences: [owner('x')] } }),
    by('two', { ...bare, metadata: { name: 'a', ownerReferences: [owner('y')] } }),
    by('two', { ...bare, metadata: { name: 'a', ownerReferences: [{ ...owner('x'), name: 'other' }] } }),
  ),
  sequence(
    'service ports',
    ...[[{ port: 80 }], [{ port: 80 }, { port: 81, name: 'b' }], [{ port: 81 }]].map((ports) =>
      by(
        'one',
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 's' },
          spec: { clusterIP: 'None', selector: { a: 'b' }, ports },
        },
        '',
        `${core('services')}/s`,
      ),
    ),
  ),
  sequence(
    'strategic after it',
    by('one', containers({ name: 'main', image: 'nginx:1' }), '', T),
    strategicPatch(`${T}?fieldManager=two`, {
      template: { spec: { containers: [{ name: 'main', image: 'nginx:2' }] } },
    }),
    by('one', containers({ name: 'main', image: 'nginx:1' }), '', T),
  ),
  sequence(
    'status of a deployment',
    by('one', deployment({}), '', D),
    settled(D),
    by('two', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, status: { replicas: 0 } }, '', D),
  ),
  sequence(
    'several managers at once removed',
    ...['one', 'two', 'three'].map((name) => by(name, map({ [name]: '1', shared: 'x' }))),
    by('one', map({})),
    by('two', map({})),
    by('three', map({})),
    get(A),
  ),
  sequence(
    'cleared managed fields',
    by('one', map({ a: '1' })),
    mergePatch(A, { metadata: { managedFields: [{}] } }),
    by('one', map({ b: '1' })),
    mergePatch(A, { metadata: { managedFields: [] } }),
  ),
];

export const APPLIES = topic('apply', ...applies, ...lists);
