import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { type GraphUnderTest, graphOf } from '../testing.ts';
import type { RelationClass } from '../types.ts';
import { impact } from './impact.ts';
import { EDGE_BUDGET } from './types.ts';

interface Made {
  namespace?: string;
  owner?: string;
  labels?: Record<string, string>;
  [field: string]: unknown;
}

const GROUPS: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  ReplicaSet: 'apps/v1',
  StatefulSet: 'apps/v1',
  ControllerRevision: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  Ingress: 'networking.k8s.io/v1',
  EndpointSlice: 'discovery.k8s.io/v1',
  PriorityClass: 'scheduling.k8s.io/v1',
  ValidatingWebhookConfiguration: 'admissionregistration.k8s.io/v1',
  APIService: 'apiregistration.k8s.io/v1',
  ResourceClaim: 'resource.k8s.io/v1',
  Kafka: 'kafka.example/v1',
  PodSet: 'kafka.example/v1',
};
const CLUSTER = new Set(['Namespace', 'Node', 'PriorityClass', 'ValidatingWebhookConfiguration', 'APIService']);

/** `owner`: `Kind/name` in the same namespace. */
function made(kind: string, name: string, { namespace = 'shop', owner, labels, ...more }: Made = {}): KubeObject {
  const [ownerKind = '', ownerName = ''] = owner?.split('/') ?? [];
  const place = CLUSTER.has(kind) ? {} : { namespace };
  const reference = {
    apiVersion: GROUPS[ownerKind] ?? 'v1',
    kind: ownerKind,
    name: ownerName,
    uid: `uid:${ownerKind}/${CLUSTER.has(ownerKind) ? '' : `${namespace}/`}${ownerName}`,
    controller: true,
  };
  return {
    apiVersion: GROUPS[kind] ?? 'v1',
    kind,
    metadata: {
      name,
      ...place,
      labels: labels ?? {},
      ...(owner === undefined ? {} : { ownerReferences: [reference] }),
    },
    ...more,
  };
}

const RUNNING = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
const pod = (name: string, { spec = {}, status = RUNNING, ...more }: Made & { spec?: object; status?: object } = {}) =>
  made('Pod', name, { ...more, spec: { nodeName: 'w1', containers: [], ...spec }, status });

function told(graph: GraphUnderTest, start: string, given: { depth?: number; relations?: RelationClass[] } = {}) {
  const relations = given.relations === undefined ? undefined : new Set(given.relations);
  const reach = impact(graph.view, graph.id(start), { depth: given.depth ?? 3, relations, edges: EDGE_BUDGET });
  const names = reach.hits.map(({ id, effect, part }) => {
    const { kind, name } = graph.view.node(id);
    return `${kind.split('.')[0]} ${name} ${effect}${part ? ' (part)' : ''}`;
  });
  return { ...reach, names: names.sort() };
}

describe('what an owner lives by', () => {
  it('is no Secret of a ServiceAccount: what acts as it can do without', () => {
    const annotations = { 'kubernetes.io/service-account.name': 'runner' };
    const token = made('Secret', 'token');
    const graph = graphOf([
      made('ServiceAccount', 'runner', { secrets: [{ name: 'token' }] }),
      { ...token, metadata: { ...token.metadata, annotations } },
      pod('a', { spec: { serviceAccountName: 'runner' } }),
    ]);
    expect(told(graph, 'Secret/shop/token').names).toEqual(['Pod a degraded', 'ServiceAccount runner degraded']);
  });

  it('is no revision that a StatefulSet keeps', () => {
    const graph = graphOf([
      made('StatefulSet', 'redis', { spec: { replicas: 1 } }),
      made('ControllerRevision', 'redis-1', { owner: 'StatefulSet/redis' }),
      pod('redis-0', { owner: 'StatefulSet/redis' }),
    ]);
    expect(told(graph, 'ControllerRevision.apps/shop/redis-1').names).toEqual([]);
    expect(told(graph, 'Pod/shop/redis-0').names).toEqual(['StatefulSet redis down']);
  });

  it('is no pod that has ended, nor an old ReplicaSet', () => {
    const graph = graphOf([
      made('CronJob', 'report'),
      made('Job', 'report-1', {
        owner: 'CronJob/report',
        status: { conditions: [{ type: 'Complete', status: 'True' }] },
      }),
      pod('report-1-a', { owner: 'Job/report-1', status: { phase: 'Succeeded' } }),
      made('Deployment', 'cart', { spec: { replicas: 1 } }),
      made('ReplicaSet', 'cart-1', { owner: 'Deployment/cart', spec: { replicas: 0 } }),
      made('ReplicaSet', 'cart-2', { owner: 'Deployment/cart', spec: { replicas: 1 } }),
      pod('cart-2-a', { owner: 'ReplicaSet/cart-2', status: { phase: 'Failed', reason: 'Evicted' } }),
      pod('cart-2-b', { owner: 'ReplicaSet/cart-2' }),
    ]);
    for (const start of ['Pod/shop/report-1-a', 'ReplicaSet.apps/shop/cart-1', 'Pod/shop/cart-2-a'])
      expect(told(graph, start).names).toEqual([]);
    expect(told(graph, 'Pod/shop/cart-2-b').names).toEqual(['Deployment cart down', 'ReplicaSet cart-2 down']);
  });

  it('is what runs, whatever kind stands between, and all of it together', () => {
    const graph = graphOf([
      made('Kafka', 'logs'),
      made('PodSet', 'logs-brokers', { owner: 'Kafka/logs' }),
      made('Secret', 'logs-ca', { owner: 'Kafka/logs' }),
      made('Deployment', 'logs-operator', { owner: 'Kafka/logs', spec: { replicas: 1 } }),
      pod('logs-0', { owner: 'PodSet/logs-brokers' }),
    ]);
    expect(told(graph, 'Secret/shop/logs-ca').names).toEqual([]);
    const { hits, names } = told(graph, 'Pod/shop/logs-0');
    expect(names).toEqual(['Kafka logs degraded', 'PodSet logs-brokers down']);
    expect(hits.map(({ note }) => note)).toEqual(['all it has: 1 Pod', '1 of 2 parts']);
  });

  it('is a claim for devices that was made for a pod', () => {
    const graph = graphOf([pod('a'), made('ResourceClaim', 'a-gpu', { owner: 'Pod/a' })]);
    expect(told(graph, 'ResourceClaim.resource.k8s.io/shop/a-gpu').names).toEqual(['Pod a down']);
  });

  it('is no mirror pod of a Node', () => {
    const graph = graphOf([made('Node', 'w1'), pod('etcd-w1', { owner: 'Node/w1' })]);
    expect(told(graph, 'Pod/shop/etcd-w1').names).toEqual([]);
  });
});

const CART: readonly KubeObject[] = [
  made('Node', 'w1'),
  made('Deployment', 'cart', { spec: { replicas: 1 } }),
  made('ReplicaSet', 'cart-1', { owner: 'Deployment/cart', spec: { replicas: 1 } }),
  pod('cart-1-a', { owner: 'ReplicaSet/cart-1', labels: { app: 'cart' } }),
  made('Service', 'cart', { spec: { selector: { app: 'cart' } } }),
  made('Ingress', 'web', { spec: { defaultBackend: { service: { name: 'cart' } } } }),
];

describe('the relations that are asked about', () => {
  it('are followed from a workload as from its pods', () => {
    const routes = told(graphOf(CART), 'Deployment.apps/shop/cart', { relations: ['routes'] });
    expect(routes.names).toEqual([
      'Ingress web down',
      'Pod cart-1-a down (part)',
      'ReplicaSet cart-1 down (part)',
      'Service cart down',
    ]);
  });

  it('lead to owners only where those are asked about', () => {
    const names = (relations: RelationClass[]) => told(graphOf(CART), 'Node/w1', { relations }).names;
    expect(names(['hosts'])).toEqual(['Pod cart-1-a down']);
    expect(names(['hosts', 'ownedBy'])).toEqual([
      'Deployment cart down',
      'Pod cart-1-a down',
      'ReplicaSet cart-1 down',
    ]);
  });
});

describe('what the depth cuts off', () => {
  it('is counted, one step beyond it', () => {
    const graph = graphOf(CART);
    expect(told(graph, 'Node/w1', { depth: 1 }).further).toEqual({ count: 1, exact: true });
    expect(told(graph, 'Node/w1', { depth: 2 }).further).toEqual({ count: 1, exact: true });
    expect(told(graph, 'Node/w1', { depth: 3 }).further).toBeUndefined();
    expect(told(graph, 'Node/w1', { depth: 1, relations: ['hosts'] }).further).toBeUndefined();
  });

  it('is counted so far as it matters', () => {
    const many = Array.from({ length: 300 }, (_, at) =>
      made('Ingress', `web-${at}`, { spec: { defaultBackend: { service: { name: 'cart' } } } }),
    );
    expect(told(graphOf([...CART, ...many]), 'Pod/shop/cart-1-a', { depth: 1 }).further).toEqual({
      count: 100,
      exact: false,
    });
  });
});

describe('a Service without a selector', () => {
  const slice = (name: string, pods: readonly string[], more: object[] = []) =>
    made('EndpointSlice', name, {
      labels: { 'kubernetes.io/service-name': 'plain' },
      endpoints: [
        ...pods.map((pod) => ({ conditions: { ready: true }, targetRef: { kind: 'Pod', name: pod } })),
        ...more,
      ],
    });
  const world = [
    pod('a'),
    pod('b'),
    made('Service', 'plain', { spec: {} }),
    made('Ingress', 'web', { spec: { defaultBackend: { service: { name: 'plain' } } } }),
  ];

  it('goes down with the last endpoint that its slices list', () => {
    expect(told(graphOf([...world, slice('s', ['a'])]), 'Pod/shop/a').names).toEqual([
      'Ingress web down',
      'Service plain down',
    ]);
    expect(told(graphOf([...world, slice('s', ['a'])]), 'EndpointSlice.discovery.k8s.io/shop/s').names).toEqual([
      'Ingress web down',
      'Service plain down',
    ]);
  });

  it.each([
    ['a pod in another slice', [slice('s', ['a']), slice('t', ['b'])]],
    ['an address that is no pod', [slice('s', ['a'], [{ addresses: ['10.9.9.9'] }])]],
  ])('withstands while %s is left', (_, slices) => {
    const { hits, names } = told(graphOf([...world, ...slices]), 'Pod/shop/a');
    expect(names).toEqual(['Service plain withstands']);
    expect(hits[0]?.note).toBe('1 of 2 ready endpoints are left');
  });

  it('counts a pod once that is listed for each family of addresses', () => {
    const graph = graphOf([...world, slice('v4', ['a']), slice('v6', ['a'])]);
    expect(told(graph, 'Pod/shop/a').hits[0]).toMatchObject({ effect: 'down', note: 'its only ready endpoint' });
  });
});

it('what is in a Namespace goes with it, and hurts what needs it from elsewhere', () => {
  const caller = { env: [{ name: 'CART', value: 'http://cart.shop.svc:80' }], name: 'main' };
  const graph = graphOf([
    ...CART,
    made('Namespace', 'shop'),
    pod('checkout', { namespace: 'web', spec: { containers: [caller] } }),
  ]);
  const { names, complete } = told(graph, 'Namespace/shop');
  expect(names.filter((name) => !name.endsWith('(part)'))).toEqual(['Pod checkout degraded']);
  expect(names).toContain('Service cart down (part)');
  expect(complete).toBe(true);
});

it('of a Namespace that holds too much the rarer kinds come first: what others need', () => {
  const caller = { env: [{ name: 'CART', value: 'http://cart.shop.svc:80' }], name: 'main' };
  const graph = graphOf([
    ...CART,
    made('Namespace', 'shop'),
    ...Array.from({ length: 500 }, (_, at) => pod(`batch-${at}`)),
    pod('checkout', { namespace: 'web', spec: { containers: [caller] } }),
  ]);
  const bounds = { depth: 3, relations: undefined, edges: 200 };
  const reach = impact(graph.view, graph.id('Namespace/shop'), bounds);
  expect(reach.complete).toBe(false);
  expect(reach.hits.map(({ id }) => graph.view.node(id).name)).toContain('checkout');
});

it('what is down already is not down for something that its pods can do without', () => {
  const config = (optional: boolean) => ({ volumes: [{ name: 'c', configMap: { name: 'settings', optional } }] });
  const waiting = { phase: 'Pending', conditions: [{ type: 'Ready', status: 'False' }] };
  const of = (optional: boolean) =>
    told(
      graphOf([
        ...CART.filter(({ kind }) => kind !== 'Pod'),
        pod('a', { labels: { app: 'cart' }, spec: config(optional), status: waiting }),
      ]),
      'ConfigMap/shop/settings',
    ).names;
  expect(of(true)).toEqual(['Pod a degraded']);
  expect(of(false)).toEqual(['Ingress web down', 'Pod a down', 'Service cart down']);
});

it('a PriorityClass is needed for new pods: those that run go on', () => {
  const graph = graphOf([made('PriorityClass', 'high'), pod('a', { spec: { priorityClassName: 'high' } })]);
  expect(told(graph, 'PriorityClass.scheduling.k8s.io/high').names).toEqual(['Pod a degraded']);
});

it('what the API refuses with a Service is told of who is answered by it', () => {
  const service = { name: 'cart', namespace: 'shop' };
  const rules = [{ apiGroups: ['shop.io'], resources: ['widgets', 'gadgets'] }];
  const hook = (name: string, failurePolicy: string) =>
    made('ValidatingWebhookConfiguration', name, {
      webhooks: [{ name: 'a.shop.io', failurePolicy, rules, clientConfig: { service } }],
    });
  const graph = graphOf([
    ...CART,
    hook('strict', 'Fail'),
    hook('lax', 'Ignore'),
    made('APIService', 'v1.shop.io', { spec: { group: 'shop.io', version: 'v1', service } }),
  ]);
  const notes = told(graph, 'Service/shop/cart').hits.map(({ id, note }) => `${graph.view.node(id).name}: ${note}`);
  expect(notes.sort()).toEqual([
    'lax: undefined',
    'strict: requests fail for widgets.shop.io, gadgets.shop.io',
    'v1.shop.io: requests fail for shop.io/v1',
    'web: undefined',
  ]);
});

it('a zone takes its nodes with it', () => {
  const zone = { 'topology.kubernetes.io/zone': 'north-a' };
  const graph = graphOf([made('Node', 'w1', { labels: zone }), made('Node', 'w2'), pod('a')]);
  expect(told(graph, '~Zone/north-a').names).toEqual(['Node w1 down', 'Pod a down']);
});
