import { describe, expect, it } from 'vitest';
import { createGraph } from './create-graph.ts';
import { gone, idOf, is, lastVersion, named, put, selecting } from './store/graph-words.ts';
import type { Change, Graph, NodeId, ProjectedEvent, Reference, Touched } from './types.ts';

describe('what a generation changes', () => {
  function watched(graph: Graph): {
    last: () => { nodes: string[]; edges: string[] };
    unchanged: () => string[];
    stop: () => void;
  } {
    let touched: Touched = { generation: 0, nodes: new Set(), edges: new Set(), unchanged: new Set() };
    const stop = graph.onChange((now) => {
      touched = now;
    });
    const names = (ids: ReadonlySet<NodeId>) => [...ids].map((id) => graph.view().node(id).name).sort();
    return {
      last: () => ({ nodes: names(touched.nodes), edges: names(touched.edges) }),
      unchanged: () => names(touched.unchanged),
      stop,
    };
  }

  it('names the objects that changed and the other ends of edges that came', () => {
    const graph = createGraph();
    const { last } = watched(graph);
    graph.apply([put('Service', 'web', [selecting(is('app', 'web'))])]);
    graph.apply([put('Pod', 'w', [named('Secret', 'tls')], { labels: { app: 'web' } })]);
    expect(last()).toEqual({ nodes: ['w'], edges: ['tls', 'web'] });
    graph.apply([put('Pod', 'w', [named('Secret', 'tls')], { labels: { app: 'web' }, health: 'failed' })]);
    expect(last()).toEqual({ nodes: ['w'], edges: [] });
    graph.apply([put('Service', 'web', [selecting(is('app', 'other'))])]);
    expect(last()).toEqual({ nodes: ['web'], edges: ['w'] });
    graph.apply([gone('Secret', 'tls')]);
    expect(last()).toEqual({ nodes: [], edges: [] });
    graph.apply([put('Secret', 'tls')]);
    expect(last()).toEqual({ nodes: ['tls'], edges: ['w'] });
  });

  it('is nothing where a newer version says the same', () => {
    const graph = createGraph();
    const { last, unchanged } = watched(graph);
    const beat = () => put('Node', 'n', [], { namespace: '', facts: { ready: 'True', taints: [{ key: 'a' }] } });
    graph.apply([beat()]);
    expect([last().nodes, unchanged()]).toEqual([['n'], []]);
    const { facts } = graph.view().node(idOf(graph, 'Node', 'n', ''));
    graph.apply([beat()]);
    expect([last().nodes, unchanged()]).toEqual([[], ['n']]);
    expect(graph.resourceVersionOf('Node', '', 'n')?.resourceVersion).toBe(lastVersion());
    expect(graph.view().node(idOf(graph, 'Node', 'n', '')).facts).toBe(facts);
    graph.apply([put('Node', 'n', [], { namespace: '', facts: { ready: 'False', taints: [{ key: 'a' }] } })]);
    expect([last().nodes, unchanged()]).toEqual([['n'], []]);
  });

  it('is nothing where the resourceVersion was applied before', () => {
    const graph = createGraph();
    const { last } = watched(graph);
    const pod = put('Pod', 'w', [named('Secret', 'tls')]);
    graph.apply([pod]);
    graph.apply([pod]);
    expect(last()).toEqual({ nodes: [], edges: [] });
    expect(graph.resourceVersionOf('Pod', 'shop', 'w')).toEqual({ resourceVersion: lastVersion(), uid: 'uid-w' });
    expect(graph.resourceVersionOf('Secret', 'shop', 'tls')).toBeUndefined();
  });

  it('is told no more after stopping', () => {
    const graph = createGraph();
    const { last, stop } = watched(graph);
    stop();
    graph.apply([put('Pod', 'w')]);
    expect(last()).toEqual({ nodes: [], edges: [] });
    expect(graph.view().generation).toBe(1);
  });
});

describe('counts', () => {
  it('follow health, drop and clear', () => {
    const graph = createGraph();
    graph.apply([
      put('Pod', 'a'),
      put('Pod', 'b', [], { health: 'failed' }),
      put('Pod', 'c', [], { namespace: 'other' }),
      put('Node', 'n', [], { namespace: '' }),
    ]);
    const none = { ok: 0, progressing: 0, warning: 0, failed: 0, done: 0, unknown: 0 };
    expect(graph.view().count('Pod')).toEqual({ total: 3, byHealth: { ...none, ok: 2, failed: 1 } });
    expect(graph.view().count('Pod', 'shop')).toEqual({ total: 2, byHealth: { ...none, ok: 1, failed: 1 } });
    expect(graph.view().namespaces()).toEqual(['other', 'shop']);
    graph.apply([put('Pod', 'b')]);
    graph.drop('Pod', 'other');
    expect(graph.view().count('Pod')).toEqual({ total: 2, byHealth: { ...none, ok: 2 } });
    expect(graph.view().namespaces()).toEqual(['shop']);
    graph.drop('Pod');
    expect(graph.view().kinds()).toEqual(['Node']);
    const view = graph.view();
    graph.clear();
    expect([view.kinds(), view.totals, view.count('Node')]).toEqual([
      [],
      { nodes: 0, edges: 0 },
      { total: 0, byHealth: none },
    ]);
  });
});

describe('whereabouts', () => {
  it('tell what is missing from what is not known', () => {
    const graph = createGraph();
    graph.apply([
      put('Pod', 'w', [named('Secret', 'tls'), { ...named('~Image', 'app:1'), namespace: '' } as Reference]),
    ]);
    const of = (kind: string, name: string, namespace = 'shop') =>
      graph.view().whereabouts(idOf(graph, kind, name, namespace));
    expect([of('Pod', 'w'), of('~Image', 'app:1', ''), of('Secret', 'tls')]).toEqual(['present', 'outside', 'unknown']);
    graph.setKindState('Secret', { state: 'syncing', done: 1, total: 2 });
    expect(of('Secret', 'tls')).toBe('unknown');
    graph.setKindState('Secret', { state: 'synced' });
    expect(of('Secret', 'tls')).toBe('gone');
    graph.setKindState('Secret', { state: 'stale', since: 1, reason: 'lost' });
    expect(of('Secret', 'tls')).toBe('gone');
    graph.setKindState('Secret', { state: 'synced', namespaces: ['other'] });
    expect(of('Secret', 'tls')).toBe('unknown');
    expect(graph.view().kindState('Deployment.apps')).toEqual({ state: 'off', reason: 'not asked for' });
  });
});

describe('events', () => {
  const event = (uid: string, last: number, more: Partial<ProjectedEvent['involved']> = {}): Change => ({
    type: 'event',
    event: {
      ...{ uid, type: 'Warning', reason: 'BackOff', message: `m${last}`, count: 1, first: 0, last, source: 'kubelet' },
      involved: { kind: 'Pod', namespace: 'shop', name: 'w', uid: 'uid-w', ...more },
    },
  });
  const lasts = (graph: Graph) =>
    graph
      .view()
      .events(idOf(graph, 'Pod', 'w'))
      .map((e) => e.last);

  it('are the ten newest, the newest first, each Event once', () => {
    const graph = createGraph();
    graph.apply([...Array.from({ length: 12 }, (_, i) => event(`e${i}`, i)), put('Pod', 'w')]);
    expect(lasts(graph)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
    graph.apply([event('e5', 20)]);
    expect(lasts(graph)).toEqual([20, 11, 10, 9, 8, 7, 6, 4, 3, 2]);
  });

  it('are not those of an object that bore the name before; the kubelet names its node in place of a uid', () => {
    const graph = createGraph();
    graph.apply([
      put('Pod', 'w'),
      event('e1', 1, { uid: 'older' }),
      event('e2', 2, { uid: '' }),
      event('e3', 3, { uid: 'w' }),
    ]);
    expect(lasts(graph)).toEqual([3, 2]);
    const told: number[][] = [];
    graph.onChange(({ nodes }) => told.push([...nodes]));
    graph.apply([event('e4', 4, { uid: 'older' })]);
    graph.apply([event('e5', 5)]);
    graph.apply([event('e5', 5)]);
    expect(told.flat()).toEqual([idOf(graph, 'Pod', 'w')]);
  });
});

describe('a restricted view', () => {
  const graph = createGraph();
  graph.apply([
    put('Pod', 'w', [
      named('Secret', 'tls'),
      named('ConfigMap', 'c'),
      { ...named('ConfigMap', 'far'), namespace: 'hidden' } as Reference,
    ]),
    put('Secret', 'tls'),
    put('Pod', 'h', [{ ...named('Secret', 'tls'), namespace: 'shop' } as Reference], { namespace: 'hidden' }),
    put('Namespace', 'hidden', [], { namespace: '' }),
    put('Namespace', 'shop', [], { namespace: '' }),
  ]);
  const view = graph.view({ kind: (kind) => kind !== 'ConfigMap', namespace: (namespace) => namespace !== 'hidden' });

  it('shows no hidden node, by no way', () => {
    const hidden = idOf(graph, 'Pod', 'h', 'hidden');
    expect(() => view.node(hidden)).toThrow('is no node');
    expect(view.find('Pod', 'hidden', 'h')).toBeUndefined();
    expect(view.find('Namespace', '', 'hidden')).toBeUndefined();
    const around: string[] = [];
    view.out(idOf(graph, 'Pod', 'w'), (id) => void around.push(view.node(id).name));
    view.in(idOf(graph, 'Secret', 'tls'), (id) => void around.push(view.node(id).name));
    view.out(hidden, () => void around.push('from hidden'));
    view.eachOfKind('Pod', undefined, (id) => void around.push(view.node(id).name));
    expect(around).toEqual(['tls', 'w', 'w']);
    expect(view.events(hidden)).toEqual([]);
  });

  it('counts what it shows', () => {
    expect([view.count('Pod').total, view.count('Namespace').total, view.count('ConfigMap').total]).toEqual([1, 1, 0]);
    expect([view.kinds(), view.namespaces(), view.totals]).toEqual([
      ['Pod', 'Secret', 'Namespace'],
      ['shop'],
      { nodes: 3, edges: 1 },
    ]);
    expect(view.kindState('ConfigMap')).toEqual({ state: 'off', reason: 'not visible here' });
  });
});
