import { expect, test } from 'vitest';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { type GraphUnderTest, graphOf } from '../testing.ts';
import { dependencies } from './dependencies.ts';
import { findTarget } from './find-target.ts';
import { impact } from './impact.ts';
import { shortestPath } from './path.ts';
import { related } from './related.ts';
import { hubLines, pathLines, treeLines } from './render.ts';
import { EDGE_BUDGET, type Reach } from './types.ts';

const BOUNDS = { depth: 3, relations: undefined, edges: EDGE_BUDGET };

const owner = (kind: string, name: string) => [
  { apiVersion: 'apps/v1', kind, name, uid: `uid:${kind}/shop/${name}`, controller: true },
];

function podOn(name: string, node: string, more: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: { app: 'cart' }, ownerReferences: owner('ReplicaSet', 'cart-1') },
    spec: {
      nodeName: node,
      containers: [{ name: 'cart', image: 'cart:1' }],
      volumes: [{ name: 'config', configMap: { name: 'cart-config' } }],
      ...more,
    },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

const node = (name: string, ready = true): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'topology.kubernetes.io/zone': 'z1' } },
  spec: {},
  status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});

const template = { spec: { containers: [{ name: 'cart', image: 'cart:1' }] } };

/** cart: two pods on two nodes, behind a Service and an Ingress. */
const CART: readonly KubeObject[] = [
  node('w1'),
  node('w2'),
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' }, status: { phase: 'Active' } },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'cart', namespace: 'shop' },
    spec: { replicas: 2, template },
    status: { replicas: 2, readyReplicas: 2, availableReplicas: 2, updatedReplicas: 2 },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'cart-1', namespace: 'shop', ownerReferences: owner('Deployment', 'cart') },
    spec: { replicas: 2, template },
    status: { replicas: 2, readyReplicas: 2, availableReplicas: 2 },
  },
  podOn('cart-1-a', 'w1'),
  podOn('cart-1-b', 'w2'),
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'cart', namespace: 'shop' },
    spec: { selector: { app: 'cart' }, ports: [{ port: 80 }] },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'shop', namespace: 'shop' },
    spec: { defaultBackend: { service: { name: 'cart', port: { number: 80 } } } },
  },
];

const names = ({ view }: GraphUnderTest, reach: Reach) =>
  reach.hits.map(({ id, effect }) => {
    const { kind, name } = view.node(id);
    return [kind.split('.')[0], name, effect].filter((word) => word !== undefined).join(' ');
  });

test('what a Deployment hurts: its parts, their Service, the Ingress before it', () => {
  const graph = graphOf(CART);
  const found = impact(graph.view, graph.id('Deployment.apps/shop/cart'), BOUNDS);
  expect(names(graph, found)).toEqual([
    'ReplicaSet cart-1 down',
    'Pod cart-1-a down',
    'Pod cart-1-b down',
    'Service cart down',
    'Ingress shop down',
  ]);
});

test('a Service withstands the loss of one of two ready endpoints, and nothing behind it is hurt', () => {
  const graph = graphOf(CART);
  const found = impact(graph.view, graph.id('Node/w1'), BOUNDS);
  expect(names(graph, found).sort()).toEqual([
    'Deployment cart degraded',
    'Pod cart-1-a down',
    'ReplicaSet cart-1 degraded',
    'Service cart withstands',
  ]);
  expect(found.hits.find(({ effect }) => effect === 'withstands')?.note).toBe('1 of 2 ready endpoints are left');
});

test('below its disruption budget a Service counts as degraded', () => {
  const graph = graphOf([
    ...CART,
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: { minAvailable: 2, selector: { matchLabels: { app: 'cart' } } },
      status: { desiredHealthy: 2, currentHealthy: 2, expectedPods: 2, disruptionsAllowed: 0 },
    },
  ]);
  const found = impact(graph.view, graph.id('Node/w1'), BOUNDS);
  expect(names(graph, found)).toContain('Service cart degraded');
  expect(names(graph, found)).toContain('Ingress shop degraded');
});

test('with its last ready endpoint a Service goes down, and so does what leads to it', () => {
  const graph = graphOf(CART.filter(({ metadata }) => metadata?.name !== 'cart-1-b'));
  const found = impact(graph.view, graph.id('Node/w1'), BOUNDS);
  expect(names(graph, found)).toEqual(expect.arrayContaining(['Service cart down', 'Ingress shop down']));
});

test('what a Deployment needs: what its pods refer to, the missing named as missing, and where they run', () => {
  const graph = graphOf(CART);
  const found = dependencies(graph.view, graph.id('Deployment.apps/shop/cart'), { ...BOUNDS, depth: 1 });
  const lines = treeLines(graph.view, found.hits, { keepParts: false }).join('\n');
  expect(lines).toContain('ConfigMap shop/cart-config (MISSING) · spec.volumes[config].configMap.name');
  expect(lines).toContain('runs on 2 Nodes (all Ready): w1, w2 · spec.nodeName');
});

test('the impact of a ConfigMap that is missing reaches the Ingress', () => {
  const graph = graphOf(CART);
  const found = impact(graph.view, graph.id('ConfigMap/shop/cart-config'), BOUNDS);
  expect(names(graph, found)).toEqual(
    expect.arrayContaining(['Pod cart-1-a down', 'Service cart down', 'Ingress shop down']),
  );
});

test('an optional reference only degrades', () => {
  const optional = { volumes: [{ name: 'config', configMap: { name: 'cart-config', optional: true } }] };
  const graph = graphOf([podOn('cart-1-a', 'w1', optional)]);
  expect(names(graph, impact(graph.view, graph.id('ConfigMap/shop/cart-config'), BOUNDS))).toContain(
    'Pod cart-1-a degraded',
  );
});

test('related goes both ways, a step further with each depth', () => {
  const graph = graphOf(CART);
  const near = related(graph.view, [graph.id('Service/shop/cart')], { ...BOUNDS, depth: 1 });
  expect(names(graph, near).sort()).toEqual(['Ingress shop', 'Pod cart-1-a', 'Pod cart-1-b']);
  const far = related(graph.view, [graph.id('Service/shop/cart')], { ...BOUNDS, depth: 2 });
  expect(names(graph, far)).toEqual(expect.arrayContaining(['Node w1', 'ReplicaSet cart-1', 'ConfigMap cart-config']));
});

test('a relation filter leaves out the others', () => {
  const graph = graphOf(CART);
  const found = related(graph.view, [graph.id('Pod/shop/cart-1-a')], {
    ...BOUNDS,
    depth: 1,
    relations: new Set(['ownedBy']),
  });
  expect(names(graph, found)).toEqual(['ReplicaSet cart-1']);
});

test('an answer that reaches its bound says so', () => {
  const graph = graphOf(CART);
  expect(related(graph.view, [graph.id('Service/shop/cart')], { ...BOUNDS, edges: 2 }).complete).toBe(false);
});

test('a path is the shortest one, each step with its reason', () => {
  const graph = graphOf(CART);
  const { steps } = shortestPath(
    graph.view,
    graph.id('Ingress.networking.k8s.io/shop/shop'),
    graph.id('Node/w1'),
    BOUNDS,
  );
  expect(pathLines(graph.view, steps ?? [])).toEqual([
    'Ingress shop/shop',
    '  routes to Service shop/cart · spec.defaultBackend.service.name',
    '    routes to Pod shop/cart-1-a (ready) · spec.selector',
    '      runs on Node w1 (Ready) · spec.nodeName',
  ]);
  const { steps: none } = shortestPath(graph.view, graph.id('Namespace/shop'), graph.id('Node/w1'), BOUNDS);
  expect(none).toBeUndefined();
});

test('an unknown object brings the nearest names; one of a kind that is still read says how far it is', () => {
  const graph = graphOf(CART, { states: { Secret: { state: 'syncing', done: 5, total: 20 } } });
  expect(() => findTarget(graph.view, { kind: 'Service', namespace: 'shop', name: 'carts' })).toThrow(
    expect.objectContaining({ code: 'not_found', detail: expect.objectContaining({ candidates: ['cart'] }) }),
  );
  expect(() => findTarget(graph.view, { kind: 'Service', namespace: 'web', name: 'cart' })).toThrow(
    expect.objectContaining({ detail: expect.objectContaining({ candidates: ['shop/cart'] }) }),
  );
  expect(() => findTarget(graph.view, { kind: 'Secret', namespace: 'shop', name: 'x' })).toThrow(
    'still being read (5 of 20 read)',
  );
});

test('what is near is not followed where it is too many, or where too much names it; both are said', () => {
  const many = Array.from({ length: 600 }, (_, at) => podOn(`p${at}`, 'w1', { serviceAccountName: `a${at % 2}` }));
  const { view, id } = graphOf([...many, node('w1')]);
  const wide = related(view, [id('Node/w1')], BOUNDS);
  expect(wide).toMatchObject({ complete: false, stoppedAt: 1, hubs: [] });
  expect(wide.hits.length).toBe(601);
  const close = related(view, [id('Node/w1')], { ...BOUNDS, depth: 1 });
  expect([close.complete, close.stoppedAt]).toEqual([true, undefined]);
  const near = related(view, [id('Pod/shop/p0')], { ...BOUNDS, depth: 2 });
  expect(hubLines(view, near.hubs)).toEqual([
    'not followed further: Node w1 (600 references), ReplicaSet shop/cart-1 (600 references), ConfigMap shop/cart-config (600 references), Image cart:1 (600 references), ServiceAccount shop/a0 (300 references)',
  ]);
  expect(near.complete).toBe(true);
});

test('of what is well so many are counted as matter', () => {
  const many = Array.from({ length: 400 }, (_, at) => podOn(`p${at}`, at === 0 ? 'w1' : 'w2'));
  const graph = graphOf([...CART.filter(({ kind }) => kind !== 'Pod'), ...many]);
  const found = impact(graph.view, graph.id('Node/w1'), BOUNDS);
  const notes = found.hits.map((hit) => [graph.view.node(hit.id).kind, hit.effect, hit.note]);
  expect(notes).toContainEqual(['Service', 'withstands', 'more than 200 ready endpoints are left']);
  expect(notes).toContainEqual(['ReplicaSet.apps', 'degraded', '1 of more than 200 Pods']);
});
