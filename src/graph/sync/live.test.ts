import { expect, test } from 'vitest';
import { resource } from '../../../test/support/scripted-sync.ts';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { ApiResource } from '../../kube/types.ts';
import type { GraphQuestion } from '../access.ts';
import { findTarget } from '../queries/find-target.ts';
import { impact } from '../queries/impact.ts';
import type { GraphView } from '../types.ts';
import { readLive } from './live.ts';
import type { LivePorts } from './live-lists.ts';

const clusterWide = { namespaced: false };
const SERVED: readonly ApiResource[] = [
  resource('Namespace', clusterWide),
  resource('Node', clusterWide),
  resource('Pod'),
  resource('Service'),
  resource('ConfigMap'),
  resource('Secret'),
  resource('Event'),
  resource('PersistentVolumeClaim'),
  resource('ReplicaSet', { group: 'apps' }),
  resource('Deployment', { group: 'apps' }),
  resource('StorageClass', { group: 'storage.k8s.io', ...clusterWide }),
  resource('CustomResourceDefinition', { group: 'apiextensions.k8s.io', ...clusterWide }),
  resource('Boat', { group: 'sea.example.com' }),
];

const object = (apiVersion: string, kind: string, path: string, own: object = {}): KubeObject => {
  const [name = '', namespace] = path.split('/').reverse();
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }), uid: `${kind}-${path}` };
  return { apiVersion, kind, ...own, metadata: { ...metadata, ...(own as { metadata?: object }).metadata } };
};
const ownedBy = (kind: string, path: string) => ({
  ownerReferences: [
    { apiVersion: 'apps/v1', kind, name: path.split('/')[1] ?? '', uid: `${kind}-${path}`, controller: true },
  ],
});
const pod = (path: string, nodeName: string, of: string) =>
  object('v1', 'Pod', path, {
    metadata: { labels: { app: 'cart' }, ...ownedBy('ReplicaSet', of) },
    spec: { nodeName, containers: [{ name: 'c', image: 'cart:1' }] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  });

const CLUSTER: readonly KubeObject[] = [
  object('v1', 'Namespace', 'shop'),
  object('v1', 'Namespace', 'empty'),
  object('v1', 'Node', 'w1'),
  object('v1', 'Node', 'w2'),
  object('apps/v1', 'Deployment', 'shop/cart', { status: { replicas: 2, readyReplicas: 2 }, spec: { replicas: 2 } }),
  object('apps/v1', 'ReplicaSet', 'shop/cart-1', {
    metadata: ownedBy('Deployment', 'shop/cart'),
    spec: { replicas: 2 },
    status: { replicas: 2, readyReplicas: 2 },
  }),
  pod('shop/cart-1-a', 'w1', 'shop/cart-1'),
  pod('shop/cart-1-b', 'w2', 'shop/cart-1'),
  object('v1', 'Service', 'shop/cart', { spec: { selector: { app: 'cart' }, ports: [{ port: 80 }] } }),
  object('storage.k8s.io/v1', 'StorageClass', 'standard', { provisioner: 'disks' }),
  object('v1', 'PersistentVolumeClaim', 'data/disk', { spec: { storageClassName: 'standard' } }),
  object('v1', 'Secret', 'sea/key'),
  object('sea.example.com/v1', 'Boat', 'sea/one', { spec: { secretRef: { name: 'key' } } }),
  object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'boats.sea.example.com', {
    spec: {
      group: 'sea.example.com',
      names: { plural: 'boats', kind: 'Boat' },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  properties: { secretRef: { type: 'object', properties: { name: { type: 'string' } } } },
                },
              },
            },
          },
        },
      ],
    },
  }),
];

/** Time goes by as fast as it is waited for. */
function patientClock(): Clock {
  let time = 0;
  return {
    now: () => time,
    monotonic: () => time,
    after(ms, run) {
      time += ms;
      queueMicrotask(run);
      return () => {};
    },
  };
}

interface Cluster {
  objects?: readonly KubeObject[];
  size?: number;
  /** Namespaces that alone may be read; undefined: all. */
  only?: readonly string[];
  home?: string;
}

function portsOf({ objects = CLUSTER, size = objects.length, only, home }: Cluster): LivePorts {
  const found = (
    { group, kind }: ApiResource,
    namespace: string | undefined,
    { labelSelector, fieldSelector }: { labelSelector?: string; fieldSelector?: string } = {},
  ) => {
    if (only !== undefined && (namespace === undefined || !only.includes(namespace)))
      throw new AppError('cluster_forbidden', `${kind} may not be read there`);
    return objects.filter(({ apiVersion = '', kind: of, metadata, ...rest }) => {
      const pairs = Object.entries(metadata?.labels ?? {}).map((pair) => pair.join('='));
      const { nodeName } = (rest['spec'] ?? {}) as { nodeName?: string };
      return (
        of === kind &&
        apiVersion.startsWith(group) &&
        (namespace === undefined || metadata?.namespace === namespace) &&
        (labelSelector === undefined || pairs.includes(labelSelector)) &&
        (fieldSelector === undefined || fieldSelector === `spec.nodeName=${nodeName}`)
      );
    });
  };
  return {
    clock: patientClock(),
    scope: {
      allowedNamespaces: undefined,
      forbiddenNamespaces: new Set(),
      denied: () => undefined,
      ...(home === undefined ? {} : { homeNamespace: home }),
    },
    size: async () => size,
    reader: {
      discovery: async () => ({ resources: SERVED, failures: [] }),
      async list({ resource: of, namespace }, { limit, continue: from = '0', ...selectors }) {
        const all = found(of, namespace, selectors);
        const end = Number(from) + limit;
        const more = end < all.length ? { continue: `${end}` } : {};
        return { items: all.slice(Number(from), end), total: all.length, resourceVersion: '1', ...more };
      },
      get: async ({ resource: of, namespace }, name) =>
        found(of, namespace).find(({ metadata }) => metadata?.name === name),
      versions: async () => ({}),
      customResourceSchemas: async () => [],
      clockOffset: () => 0,
      silence: () => 0,
      checkClock: async () => {},
      clusterId: async () => 'one',
    },
  };
}

const live = (cluster: Cluster, question: Partial<GraphQuestion>) =>
  readLive(portsOf(cluster), {
    kinds: 'objects',
    signal: new AbortController().signal,
    progress: () => {},
    ...question,
  });
const about = (kind: string, namespace: string, name: string): Partial<GraphQuestion> => ({
  focus: { objects: [{ kind, namespace, name }], depth: 3, users: true },
});
const hurtBy = (view: GraphView, kind: string, name: string) => {
  const start = findTarget(view, { kind, namespace: '', name });
  return impact(view, start, { depth: 3, relations: undefined, edges: 1_000 }).hits.map(
    ({ id, effect }) => `${view.node(id).kind} ${view.node(id).name} ${effect}`,
  );
};
const HURT_BY_NODE = ['Pod cart-1-a down', 'ReplicaSet.apps cart-1 degraded', 'Deployment.apps cart degraded'];

test('a cluster that fits into the bounds is read whole, whatever the question is about', async () => {
  const { graph, coverage } = await live({}, about('Node', '', 'w1'));
  const view = graph.view();
  expect(hurtBy(view, 'Node', 'w1')).toEqual(expect.arrayContaining(HURT_BY_NODE));
  expect(hurtBy(view, 'StorageClass.storage.k8s.io', 'standard')).toContain('PersistentVolumeClaim disk degraded');
  expect(view.namespaces()).toEqual(['data', 'empty', 'sea', 'shop']);
  expect(coverage).toMatchObject({ left: [], namespaces: undefined, notes: [] });
  expect(coverage.synced).toContain('Secret');
  expect(coverage.partial).toBeUndefined();
});

test('what a custom object refers to is read from the schema of its kind', async () => {
  const { graph } = await live({}, about('Secret', 'sea', 'key'));
  const view = graph.view();
  const users: string[] = [];
  view.in(view.find('Secret', 'sea', 'key') ?? -1, (id, why) => void users.push(`${view.node(id).name} ${why.path}`));
  expect(users).toEqual(['one spec.secretRef.name']);
});

test('of a larger one it reads the other pods of those that lose one', async () => {
  const { graph, coverage } = await live({ size: 50_000 }, about('Node', '', 'w1'));
  expect(hurtBy(graph.view(), 'Node', 'w1')).toEqual(expect.arrayContaining(HURT_BY_NODE));
  expect(graph.view().kindState('Pod')).toEqual({ state: 'synced' });
  expect(coverage.source).toBe('live');
});

test('where not all that may use a thing was looked through, the coverage says so and names the kinds', async () => {
  const claims = Array.from({ length: 2_500 }, (_, at) =>
    object('v1', 'PersistentVolumeClaim', `data/disk-${at}`, { spec: { storageClassName: 'standard' } }),
  );
  const target = about('StorageClass.storage.k8s.io', '', 'standard');
  const { graph, coverage } = await live({ objects: [...CLUSTER, ...claims], size: 50_000 }, target);
  expect(hurtBy(graph.view(), 'StorageClass.storage.k8s.io', 'standard').length).toBeGreaterThan(100);
  expect(coverage.partial).toBe(true);
  expect(coverage.left).toEqual([{ kind: 'PersistentVolumeClaim', reason: 'only 200 were read' }]);
  expect(coverage.notes).toEqual([
    'Read live: what was asked for and what it names.',
    'Not all objects of the cluster were looked through, and more of them may use what was asked about: PersistentVolumeClaim.',
    'PersistentVolumeClaim: at least 200 of 2501 were read.',
  ]);
});

test('kinds that a question is about and that were not read are named as left out', async () => {
  const { coverage } = await live({ size: 50_000 }, { kinds: 'all' });
  expect(coverage.left.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['ConfigMap', 'Secret', 'Event', 'Boat.sea.example.com']),
  );
  expect(coverage.partial).toBe(true);
  const around = await live({ size: 50_000 }, { kinds: 'all', focus: { namespace: 'shop' } });
  expect(around.coverage).toMatchObject({ namespaces: ['shop'] });
  expect(around.coverage.synced).toContain('Boat.sea.example.com');
  expect(around.coverage.left.map(({ kind }) => kind)).toContain('StorageClass.storage.k8s.io');
});

test('an object that is not there is told with the nearest names, read live as well', async () => {
  const { graph } = await live({ size: 50_000 }, about('Node', '', 'w3'));
  const find = () => findTarget(graph.view(), { kind: 'Node', namespace: '', name: 'w3' });
  expect(find).toThrow('There is no Node w3.');
});

test('an identity that may only read its own namespace is answered from there', async () => {
  const { graph, coverage } = await live({ only: ['shop'], home: 'shop' }, { kinds: 'all' });
  expect(graph.view().count('Pod').total).toBe(2);
  expect(coverage.namespaces).toEqual(['shop']);
});
