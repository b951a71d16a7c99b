/** DELETE, finalizers, owners, namespaces. */

import { deployment, job, pod, workload } from '../objects.ts';
import {
  apps,
  core,
  get,
  isObserved,
  mergePatch,
  post,
  put,
  remove,
  type Sequence,
  type Settling,
  type Step,
  sequence,
  settled,
  topic,
} from '../sequence.ts';

const MAPS = core('configmaps');
const A = `${MAPS}/a`;
const map = (name: string, metadata: Record<string, unknown> = {}) => ({ metadata: { name, ...metadata } });
const made: Step = post(MAPS, map('a'), { save: { rv: 'metadata.resourceVersion', uid: 'metadata.uid' } });
const options = (fields: Record<string, unknown>) => ({ kind: 'DeleteOptions', apiVersion: 'v1', ...fields });
const gone =
  (path: string): Step =>
  (on) =>
    on.until(get(path), ({ status }) => status === 404);
const is =
  (path: string, wanted: (body: never) => boolean): Step =>
  (on) =>
    on.until(get(path), ({ body }) => wanted(body as never));

const deletes: Sequence[] = [
  sequence('once and again', made, remove(A), remove(A), get(A)),
  sequence(
    'of nothing',
    remove(A),
    remove(`${core('nothing')}/a`),
    remove('/api/v1/namespaces/{ns}-none/configmaps/a'),
  ),
  sequence(
    'conditions',
    made,
    remove(A, options({ preconditions: { uid: '11111111-1111-1111-1111-111111111111' } })),
    remove(A, options({ preconditions: { resourceVersion: '1' } })),
    remove(A, options({ preconditions: { uid: '{uid}', resourceVersion: '{rv}' } })),
  ),
  sequence(
    'dry',
    made,
    remove(`${A}?dryRun=All`),
    remove(A, options({ dryRun: ['All'] })),
    remove(A, options({ dryRun: ['Some'] })),
    get(A),
  ),
  sequence(
    'propagation that cannot be',
    made,
    remove(`${A}?propagationPolicy=Sideways`),
    remove(A, options({ propagationPolicy: 'Sideways' })),
    remove(A, options({ propagationPolicy: 'Orphan', orphanDependents: true })),
  ),
  sequence(
    'grace that cannot be',
    made,
    remove(`${A}?gracePeriodSeconds=-5`),
    made,
    remove(`${A}?gracePeriodSeconds=x`),
    remove(A, options({ gracePeriodSeconds: -1 })),
  ),
  sequence(
    'bodies that are none',
    made,
    remove(A, { kind: 'Other', apiVersion: 'v1' }),
    remove(A, 'not json'),
    remove(A, { gracePeriodSeconds: 'x' }),
    remove(A, { foo: 1 }),
    remove(A, undefined),
  ),
  sequence(
    'bodies of other versions',
    made,
    remove(A, { kind: 'DeleteOptions', apiVersion: 'apps/v1' }),
    made,
    remove(A, { kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/v1' }),
    made,
    remove(A, {}),
  ),
  sequence(
    'finalizers',
    post(MAPS, map('a', { finalizers: ['a.b/c', 'd.e/f'] })),
    remove(A),
    remove(A),
    get(A),
    mergePatch(A, { metadata: { finalizers: ['a.b/c', 'new.one/x'] } }),
    mergePatch(A, { metadata: { finalizers: ['a.b/c'] } }),
    mergePatch(A, { data: { still: 'here' } }),
    mergePatch(A, { metadata: { finalizers: [] } }),
    get(A),
  ),
  sequence(
    'finalizers taken away by a put',
    post(MAPS, map('a', { finalizers: ['a.b/c'] })),
    remove(A),
    put(A, map('a')),
    get(A),
  ),
  sequence(
    'finalizers and a name again',
    post(MAPS, map('a', { finalizers: ['a.b/c'] })),
    remove(A),
    post(MAPS, map('a')),
    mergePatch(A, { metadata: { finalizers: null } }),
    post(MAPS, map('a')),
  ),
  sequence('foreground without dependents', post(MAPS, map('a')), remove(`${A}?propagationPolicy=Foreground`), gone(A)),
  sequence('orphan without dependents', post(MAPS, map('a')), remove(`${A}?propagationPolicy=Orphan`), gone(A)),
  sequence(
    'the answer of kinds',
    ...[core('secrets'), core('services'), core('serviceaccounts')].flatMap((path) => [
      post(
        path,
        path.endsWith('services')
          ? { metadata: { name: 'x' }, spec: { clusterIP: 'None', ports: [{ port: 1 }] } }
          : map('x'),
      ),
      remove(`${path}/x`),
    ]),
  ),
];

const pods: Sequence[] = [
  sequence('a pod nobody runs', post(core('pods'), pod('p')), remove(`${core('pods')}/p`), get(`${core('pods')}/p`)),
  sequence(
    'a pod nobody runs, with grace',
    post(core('pods'), pod('p', { terminationGracePeriodSeconds: 5 })),
    remove(`${core('pods')}/p?gracePeriodSeconds=10`),
    get(`${core('pods')}/p`),
  ),
  sequence(
    'a pod with finalizers',
    post(core('pods'), pod('p', {}, { finalizers: ['a.b/c'] })),
    remove(`${core('pods')}/p`),
    remove(`${core('pods')}/p?gracePeriodSeconds=0`),
    mergePatch(`${core('pods')}/p`, { metadata: { finalizers: null } }),
    get(`${core('pods')}/p`),
  ),
  sequence(
    'a pod at once',
    post(core('pods'), pod('p')),
    remove(`${core('pods')}/p?gracePeriodSeconds=0`),
    get(`${core('pods')}/p`),
  ),
  sequence(
    'a pod on a node that is none',
    post(core('pods'), pod('p', { nodeName: 'no-such-node', terminationGracePeriodSeconds: 7 })),
    remove(`${core('pods')}/p`),
    remove(`${core('pods')}/p?gracePeriodSeconds=20`),
    remove(`${core('pods')}/p?gracePeriodSeconds=3`),
    remove(`${core('pods')}/p?gracePeriodSeconds=0`),
    get(`${core('pods')}/p`),
  ),
];

const owned = (name: string, block = false) =>
  map(name, {
    ownerReferences: [
      { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: '{uid}', ...(block ? { blockOwnerDeletion: true } : {}) },
    ],
  });

const owners: Sequence[] = [
  sequence('in the background', made, post(MAPS, owned('b')), remove(A), gone(`${MAPS}/b`)),
  sequence(
    'in the foreground',
    made,
    post(MAPS, owned('b', true)),
    remove(`${A}?propagationPolicy=Foreground`),
    gone(A),
    get(`${MAPS}/b`),
  ),
  sequence(
    'in the foreground with a finalizer below',
    made,
    post(MAPS, { metadata: { ...owned('b', true).metadata, finalizers: ['a.b/c'] } }),
    remove(`${A}?propagationPolicy=Foreground`),
    is(`${MAPS}/b`, (b: { metadata?: { deletionTimestamp?: string } }) => b.metadata?.deletionTimestamp !== undefined),
    get(A),
    mergePatch(`${MAPS}/b`, { metadata: { finalizers: null } }),
    gone(A),
  ),
  sequence(
    'orphaned',
    made,
    post(MAPS, owned('b')),
    remove(`${A}?propagationPolicy=Orphan`),
    gone(A),
    is(`${MAPS}/b`, (b: { metadata?: { ownerReferences?: unknown } }) => b.metadata?.ownerReferences === undefined),
  ),
  sequence(
    'orphaned the old way',
    made,
    post(MAPS, owned('b')),
    remove(A, options({ orphanDependents: true })),
    gone(A),
  ),
  sequence(
    'two owners',
    made,
    post(MAPS, map('x'), { save: { other: 'metadata.uid' } }),
    post(MAPS, {
      metadata: {
        name: 'b',
        ownerReferences: [
          { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: '{uid}' },
          { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: '{other}' },
        ],
      },
    }),
    remove(A),
    is(`${MAPS}/b`, (b: { metadata?: { ownerReferences?: unknown[] } }) => b.metadata?.ownerReferences?.length === 1),
    remove(`${MAPS}/x`),
    gone(`${MAPS}/b`),
  ),
  sequence(
    'an owner that never was',
    post(MAPS, {
      metadata: {
        name: 'b',
        ownerReferences: [
          { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: '22222222-2222-2222-2222-222222222222' },
        ],
      },
    }),
    gone(`${MAPS}/b`),
  ),
  sequence(
    'an owner of the same name made anew',
    made,
    post(MAPS, { metadata: { ...owned('b').metadata, finalizers: ['a.b/c'] } }),
    remove(A),
    // Whether it is there before the collector has seen the first one go is chance.
    post(MAPS, map('a'), { unrecorded: true }),
    is(`${MAPS}/b`, (b: { metadata?: { deletionTimestamp?: string } }) => b.metadata?.deletionTimestamp !== undefined),
    mergePatch(`${MAPS}/b`, { metadata: { finalizers: null } }),
    gone(`${MAPS}/b`),
  ),
  sequence(
    'a chain',
    made,
    post(MAPS, owned('b'), { save: { second: 'metadata.uid' } }),
    post(MAPS, {
      metadata: { name: 'c', ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'b', uid: '{second}' }] },
    }),
    remove(A),
    gone(`${MAPS}/c`),
  ),
  sequence(
    'a deployment',
    post(apps('deployments'), deployment('d', { replicas: 0 })),
    is(apps('replicasets'), ({ items }: { items: Settling[] }) => items.length === 1 && items.every(isObserved)),
    remove(`${apps('deployments')}/d`),
    is(apps('replicasets'), (list: { items: unknown[] }) => list.items.length === 0),
  ),
  sequence(
    'the defaults of kinds',
    ...[
      [apps('replicasets'), workload('apps/v1', 'ReplicaSet', 'r', { replicas: 0 })],
      [
        apps('daemonsets'),
        workload('apps/v1', 'DaemonSet', 'r', {
          template: {
            metadata: { labels: { app: 'x' } },
            spec: { nodeSelector: { none: 'x' }, containers: [{ name: 'a', image: 'b' }] },
          },
        }),
      ],
    ].flatMap(([path, body]) => [post(path as string, body, { unrecorded: true }), remove(`${path}/r`)]),
  ),
  sequence(
    'a job, whose default is to orphan',
    post('/apis/batch/v1/namespaces/{ns}/jobs', job('j', { suspend: true }), { unrecorded: true }),
    settled('/apis/batch/v1/namespaces/{ns}/jobs/j', ({ status }) => status?.['conditions'] !== undefined),
    remove('/apis/batch/v1/namespaces/{ns}/jobs/j'),
  ),
];

const collections: Sequence[] = [
  sequence(
    'all of a selection',
    ...['a', 'b', 'c'].map((name) => post(MAPS, map(name, { labels: { app: name === 'c' ? 'y' : 'x' } }))),
    remove(`${MAPS}?labelSelector=app=x`),
    get(`${MAPS}?labelSelector=app`),
  ),
  sequence(
    'by fields',
    made,
    post(MAPS, map('b')),
    remove(`${MAPS}?fieldSelector=metadata.name=a`),
    get(`${MAPS}?fieldSelector=metadata.name!=kube-root-ca.crt`),
  ),
  sequence(
    'dry, all of them',
    post(MAPS, map('a', { labels: { app: 'x' } })),
    remove(`${MAPS}?labelSelector=app&dryRun=All`),
    get(A),
  ),
  sequence(
    'some with finalizers',
    post(MAPS, map('a', { labels: { app: 'x' }, finalizers: ['a.b/c'] })),
    post(MAPS, map('b', { labels: { app: 'x' } })),
    remove(`${MAPS}?labelSelector=app`),
    get(`${MAPS}?labelSelector=app`),
    mergePatch(A, { metadata: { finalizers: null } }),
  ),
  sequence(
    'bad selectors of a collection',
    remove(`${MAPS}?labelSelector=a%20b`),
    remove(`${MAPS}?fieldSelector=spec.x=1`),
    remove(`${MAPS}?labelSelector=none`),
    remove(`${MAPS}?labelSelector=none&limit=x`),
  ),
  sequence(
    'collections that cannot be deleted',
    remove(core('services')),
    remove('/api/v1/namespaces'),
    remove(core('bindings')),
  ),
  sequence(
    'pods of a collection',
    post(core('pods'), pod('p', {}, { labels: { a: 'b' } })),
    post(core('pods'), pod('q', { nodeName: 'no-such-node' }, { labels: { a: 'b' } })),
    remove(`${core('pods')}?labelSelector=a=b`),
    remove(`${core('pods')}?labelSelector=a=b&gracePeriodSeconds=0`),
    get(core('pods')),
  ),
  sequence(
    'with a condition',
    post(MAPS, map('a', { labels: { app: 'x' } })),
    remove(`${MAPS}?labelSelector=app`, options({ preconditions: { uid: '11111111-1111-1111-1111-111111111111' } })),
    get(A),
  ),
];

export const DELETES = [
  ...topic('delete', ...deletes, ...pods),
  ...topic('owners', ...owners),
  ...topic('delete collection', ...collections),
];
