import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { graphOf } from '../testing.ts';
import type { GraphView, NodeId } from '../types.ts';
import { shortestPath } from './path.ts';
import { pathLines } from './render.ts';
import { EDGE_BUDGET } from './types.ts';

const BOUNDS = { depth: 10, relations: undefined, edges: EDGE_BUDGET };

/** `configs`: ConfigMaps that it mounts. */
const pod = (name: string, configs: readonly string[], node?: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop' },
  spec: {
    ...(node === undefined ? {} : { nodeName: node }),
    containers: [],
    volumes: configs.map((config, at) => ({ name: `v${at}`, configMap: { name: config } })),
  },
});

describe('a path', () => {
  it('ends at what its first step names, whatever else hangs on that', () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'a', namespace: 'shop' },
      spec: { selector: {} },
    };
    const labelled = { ...pod('a', ['x'], 'w1'), metadata: { name: 'a', namespace: 'shop', labels: { app: 'a' } } };
    const { view, id } = graphOf([labelled, { ...service, spec: { selector: { app: 'a' } } }, pod('b', ['x'], 'w1')]);
    const there = shortestPath(view, id('Pod/shop/a'), id('Node/w1'), BOUNDS);
    expect(pathLines(view, there.steps ?? [])).toEqual(['Pod shop/a', '  runs on Node w1 (MISSING) · spec.nodeName']);
    const back = shortestPath(view, id('Node/w1'), id('Pod/shop/a'), BOUNDS);
    expect(pathLines(view, back.steps ?? [])).toEqual([
      'Node w1 (MISSING)',
      '  Pod shop/a · runs on it · spec.nodeName',
    ]);
  });

  it('leads from a Namespace to what is in it, and from there to it', () => {
    const { view, id } = graphOf([
      pod('a', ['x']),
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'data' } },
    ]);
    const lines = (from: string, to: string) =>
      pathLines(view, shortestPath(view, id(from), id(to), BOUNDS).steps ?? []);
    expect(lines('Pod/shop/a', 'Namespace/shop')).toEqual([
      'Pod shop/a',
      '  is in Namespace shop · metadata.namespace',
    ]);
    expect(lines('Namespace/shop', 'Pod/shop/a')).toEqual([
      'Namespace shop',
      '  Pod shop/a · is in it · metadata.namespace',
    ]);
    expect(lines('Pod/shop/a', 'Namespace/data')).toEqual([]);
  });

  it('meets in what both ends name, however much else does', () => {
    const others = Array.from({ length: 300 }, (_, at) => pod(`p${at}`, ['x']));
    const { view, id } = graphOf([...others, pod('a', ['x'])]);
    const { steps, hubs } = shortestPath(view, id('Pod/shop/a'), id('Pod/shop/p7'), BOUNDS);
    expect(steps?.map((step) => view.node(step.id).name)).toEqual(['a', 'x', 'p7']);
    expect(hubs).toEqual([]);
  });

  it('that would lead down from a hub is not looked for, and that is said', () => {
    // a and b both hang on what 300 pods name; p7 leads from one to the other.
    const others = Array.from({ length: 300 }, (_, at) => pod(`p${at}`, at === 7 ? ['x', 'y'] : [at % 2 ? 'x' : 'y']));
    const { view, id } = graphOf([...others, ...others.map((_, at) => pod(`q${at}`, [at % 2 ? 'x' : 'y']))]);
    const { steps, complete, hubs } = shortestPath(view, id('Pod/shop/p1'), id('Pod/shop/p2'), BOUNDS);
    expect({ steps, complete }).toEqual({ steps: undefined, complete: false });
    expect(hubs.map((hub) => [view.node(hub.id).name, hub.degree])).toEqual([
      ['x', 300],
      ['y', 301],
    ]);
  });

  it('is none for certain where one end is seen whole', () => {
    const others = Array.from({ length: 300 }, (_, at) => pod(`p${at}`, ['x']));
    const { view, id } = graphOf([...others, pod('b', ['z'])]);
    expect(shortestPath(view, id('Pod/shop/p1'), id('Pod/shop/b'), BOUNDS).complete).toBe(true);
  });

  it('that needs lead along is told before a shorter one through what the cluster has in common', () => {
    const service = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'shop' },
      spec: { selector: { app: name } },
    });
    const calls = (name: string, called: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'shop', labels: { app: name } },
      spec: {
        nodeName: 'w1',
        containers: [{ name: 'main', env: [{ name: 'NEXT', value: `http://${called}.shop.svc:80` }] }],
      },
    });
    const { view, id } = graphOf([service('b'), service('c'), calls('a', 'b'), calls('b', 'c'), calls('c', 'd')]);
    const names = (from: string, to: string) =>
      shortestPath(view, id(from), id(to), BOUNDS).steps?.map((step) => view.node(step.id).name);
    expect(names('Pod/shop/a', 'Pod/shop/c')).toEqual(['a', 'b', 'b', 'c', 'c']);
    expect(names('Pod/shop/c', 'Pod/shop/a')).toEqual(['c', 'c', 'b', 'b', 'a']);
    expect(names('Pod/shop/a', 'Node/w1')).toEqual(['a', 'w1']);
  });

  it('is none where one end hangs together with nothing', () => {
    const { view, id } = graphOf([pod('a', ['x']), pod('b', ['y'])]);
    expect(shortestPath(view, id('Pod/shop/a'), id('Pod/shop/b'), BOUNDS)).toEqual({
      steps: undefined,
      complete: true,
      hubs: [],
    });
  });

  it('is as short as any, and each of its steps is an edge', () => {
    const configs = fc.array(fc.constantFrom('u', 'v', 'w', 'x', 'y', 'z'), { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(configs, { minLength: 2, maxLength: 10 }), fc.nat(9), fc.nat(9), (pods, a, b) => {
        const { view, id } = graphOf(pods.map((its, at) => pod(`p${at}`, [...new Set(its)])));
        const [from, to] = [id(`Pod/shop/p${a % pods.length}`), id(`Pod/shop/p${b % pods.length}`)];
        const { steps } = shortestPath(view, from, to, BOUNDS);
        expect(steps?.length).toBe(lengthFrom(view, from, to));
        for (const [at, { id: here, direction, parent }] of (steps ?? []).entries()) {
          expect(parent).toBe(steps?.[at - 1]);
          if (parent === undefined) continue;
          const around: NodeId[] = [];
          view[direction](parent.id, (other) => void around.push(other));
          expect(around).toContain(here);
        }
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});

/** How many nodes are on the shortest way: looked for from one end alone. */
function lengthFrom(view: GraphView, from: NodeId, to: NodeId): number | undefined {
  const seen = new Set([from]);
  let frontier = [from];
  for (let length = 1; frontier.length > 0 && length <= BOUNDS.depth + 1; length++) {
    if (frontier.includes(to)) return length;
    const next: NodeId[] = [];
    const add = (id: NodeId): undefined => {
      if (!seen.has(id)) next.push(id);
      seen.add(id);
    };
    for (const id of frontier) {
      view.out(id, add);
      view.in(id, add);
    }
    frontier = next;
  }
  return undefined;
}
