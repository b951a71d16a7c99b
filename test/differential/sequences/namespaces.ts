/** Namespaces: how they go, and what stays until then. */
import { clusterSequence, get, mergePatch, post, put, remove, type Sequence, type Step, topic } from '../sequence.ts';

const map = (name: string, metadata: Record<string, unknown> = {}) => ({ metadata: { name, ...metadata } });
const is =
  (path: string, wanted: (body: never) => boolean): Step =>
  (on) =>
    on.until(get(path), ({ body }) => wanted(body as never));

const N = '/api/v1/namespaces/{id}-n';
const namespaces: Sequence[] = [
  clusterSequence(
    'a namespace',
    post('/api/v1/namespaces', { metadata: { name: '{id}-n' } }),
    remove(N),
    (on) => on.until({ ...get(N), unrecorded: true }, ({ status }) => status === 404),
    get(N),
  ),
  clusterSequence(
    'a namespace with something held in it',
    post('/api/v1/namespaces', { metadata: { name: '{id}-n', labels: { a: 'b' } } }),
    post(`${N}/configmaps`, map('held', { finalizers: ['a.b/c'] })),
    remove(N),
    post(`${N}/configmaps`, map('late')),
    is(N, (n: { status?: { conditions?: unknown[] } }) => (n.status?.conditions?.length ?? 0) >= 5),
    get(`${N}/configmaps/held`),
    mergePatch(`${N}/configmaps/held`, { metadata: { finalizers: null } }),
    (on) => on.until({ ...get(N), unrecorded: true }, ({ status }) => status === 404),
  ),
  clusterSequence(
    'a namespace with a finalizer of its own',
    post('/api/v1/namespaces', {
      metadata: { name: '{id}-n', finalizers: ['a.b/c'] },
      spec: { finalizers: ['d.e/f'] },
    }),
    remove(N),
    is(N, (n: { spec?: { finalizers?: string[] } }) => n.spec?.finalizers?.length === 1),
    put(`${N}/finalize`, { metadata: { name: '{id}-n' }, spec: {} }),
    mergePatch(N, { metadata: { finalizers: null } }),
    get(N),
  ),
  clusterSequence(
    'namespaces that stay',
    remove('/api/v1/namespaces/default'),
    remove('/api/v1/namespaces/kube-system'),
    remove('/api/v1/namespaces/kube-public?dryRun=All'),
    remove('/api/v1/namespaces/kube-node-lease?dryRun=All'),
  ),
  clusterSequence(
    'a namespace, dry',
    post('/api/v1/namespaces', { metadata: { name: '{id}-n' } }),
    remove(`${N}?dryRun=All`),
    get(N),
    post('/api/v1/namespaces', { metadata: { name: '{id}-n' } }),
    post('/api/v1/namespaces', { metadata: { name: 'Not.Valid' } }),
    post('/api/v1/namespaces', { metadata: { name: 'a.b' } }),
    mergePatch(N, { metadata: { labels: { 'kubernetes.io/metadata.name': 'other' } } }),
    mergePatch(N, { spec: { finalizers: [] } }),
  ),
];

export const NAMESPACES = topic('namespaces', ...namespaces);
