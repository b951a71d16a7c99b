import { core, get, mergePatch, post, put, type Sequence, type Step, sequence, topic } from '../sequence.ts';

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

export const WRITES = [...topic('create', ...creates), ...topic('update', ...puts)];
