import { describe, expect, it } from 'vitest';
import { createGraph } from './create-graph.ts';
import type {
  Change,
  Graph,
  NodeId,
  Projected,
  ProjectedEvent,
  Reference,
  Relation,
  Selector,
  Touched,
} from './types.ts';

const USES: Relation = {
  id: 'uses',
  rows: [],
  verb: 'uses',
  sources: 'any',
  class: 'uses',
  strength: 'hard',
  fields: [],
  references: () => [],
};
const GRANTS: Relation = { ...USES, id: 'grants', inverse: true };

type Said = Reference | { relation: Relation; reference: Reference };
const named = (kind: string, name: string, path = `spec.${kind}`): Reference => ({
  by: 'name',
  kind,
  namespace: 'shop',
  name,
  path,
});
const owned = (kind: string, name: string, uid: string): Reference => ({
  by: 'uid',
  kind,
  namespace: 'shop',
  name,
  uid,
  path: 'metadata.ownerReferences[0]',
});
const selecting = (selector: Selector, more: Partial<Reference & { by: 'selector' }> = {}): Reference => ({
  by: 'selector',
  kind: 'Pod',
  path: 'spec.selector',
  namespace: 'shop',
  selector,
  ...more,
});
const is = (key: string, ...values: string[]): Selector => [{ key, op: 'in', values }];

let version = 0;
function put(kind: string, name: string, says: readonly Said[] = [], more: Partial<Projected> = {}): Change {
  return {
    type: 'upsert',
    object: {
      kind,
      namespace: 'shop',
      name,
      uid: `uid-${name}`,
      resourceVersion: `${++version}`,
      created: 1_000,
      deleting: undefined,
      labels: {},
      health: 'ok',
      facts: {},
      references: says.map((said) => ('relation' in said ? said : { relation: USES, reference: said })),
      ...more,
    },
  };
}
const gone = (kind: string, name: string, uid = '', namespace = 'shop'): Change => ({
  type: 'delete',
  kind,
  namespace,
  name,
  uid,
});

const idOf = (graph: Graph, kind: string, name: string, namespace = 'shop'): NodeId => {
  const id = graph.view().find(kind, namespace, name);
  if (id === undefined) throw new Error(`no ${kind} ${name}`);
  return id;
};
function edges(graph: Graph, direction: 'out' | 'in', kind: string, name: string, namespace = 'shop'): string[] {
  const view = graph.view();
  const found: string[] = [];
  view[direction](idOf(graph, kind, name, namespace), (other, why) => {
    const node = view.node(other);
    found.push(`${node.kind}/${node.name}${node.state === 'absent' ? ' (absent)' : ''} by ${why.path}`);
    return true;
  });
  return found.sort();
}

describe('references by name', () => {
  it('lead to an absent node until the object comes, and again once it is gone', () => {
    const graph = createGraph();
    graph.apply([put('Pod', 'cart', [named('ConfigMap', 'settings')])]);
    expect(edges(graph, 'out', 'Pod', 'cart')).toEqual(['ConfigMap/settings (absent) by spec.ConfigMap']);
    graph.apply([put('ConfigMap', 'settings')]);
    expect(edges(graph, 'out', 'Pod', 'cart')).toEqual(['ConfigMap/settings by spec.ConfigMap']);
    expect(edges(graph, 'in', 'ConfigMap', 'settings')).toEqual(['Pod/cart by spec.ConfigMap']);
    graph.apply([gone('ConfigMap', 'settings')]);
    expect(edges(graph, 'out', 'Pod', 'cart')).toEqual(['ConfigMap/settings (absent) by spec.ConfigMap']);
  });

  it('let an absent node go with the last one that refers to it', () => {
    const graph = createGraph();
    graph.apply([
      put('Pod', 'cart', [named('ConfigMap', 'settings')]),
      put('Pod', 'pay', [named('ConfigMap', 'settings')]),
    ]);
    const id = idOf(graph, 'ConfigMap', 'settings');
    graph.apply([gone('Pod', 'cart')]);
    expect(graph.view().node(id)).toMatchObject({ name: 'settings', state: 'absent', uid: '', created: 0 });
    graph.apply([put('Pod', 'pay')]);
    expect(graph.view().find('ConfigMap', 'shop', 'settings')).toBeUndefined();
    expect(() => graph.view().node(id)).toThrow(`graph: ${id} is no node of generation 3`);
  });

  it('run from target to source where the relation is inverse', () => {
    const graph = createGraph();
    graph.apply([put('RoleBinding', 'readers', [{ relation: GRANTS, reference: named('ServiceAccount', 'cart') }])]);
    expect(edges(graph, 'out', 'ServiceAccount', 'cart')).toEqual(['RoleBinding/readers by spec.ServiceAccount']);
    graph.apply([put('ServiceAccount', 'cart', [named('Secret', 'pull')])]);
    graph.apply([put('ServiceAccount', 'cart')]);
    expect(edges(graph, 'out', 'ServiceAccount', 'cart')).toEqual(['RoleBinding/readers by spec.ServiceAccount']);
    graph.apply([put('RoleBinding', 'readers')]);
    expect(edges(graph, 'out', 'ServiceAccount', 'cart')).toEqual([]);
  });

  it('are one edge each, with the reason that the reference gives', () => {
    const graph = createGraph();
    const optional: Reference = { ...named('Secret', 'tls'), optional: true, strength: 'soft' };
    graph.apply([put('Pod', 'cart', [optional, optional, named('Secret', 'tls', 'spec.other')])]);
    const whys: unknown[] = [];
    graph.view().out(idOf(graph, 'Pod', 'cart'), (_, why) => void whys.push(why));
    expect(whys).toEqual([
      { relation: USES, path: 'spec.Secret', optional: true, strength: 'soft', uid: '' },
      { relation: USES, path: 'spec.other', optional: false, strength: 'hard', uid: '' },
    ]);
  });

  it('stop when the visitor says so', () => {
    const graph = createGraph();
    graph.apply([put('Pod', 'cart', [named('A', 'a'), named('B', 'b'), named('C', 'c'), named('Node', 'n')])]);
    let visited = 0;
    graph.view().out(idOf(graph, 'Pod', 'cart'), () => ++visited < 2);
    expect(visited).toBe(2);
  });

  it('are the same for siblings that have many in common, and go with the last of them', () => {
    const graph = createGraph();
    const common = ['a', 'b', 'c', 'd'].map((name) => named('ConfigMap', name));
    graph.apply(['p1', 'p2'].map((name) => put('Pod', name, [...common, named('Node', `on-${name}`)])));
    expect(edges(graph, 'in', 'ConfigMap', 'b')).toEqual(['Pod/p1 by spec.ConfigMap', 'Pod/p2 by spec.ConfigMap']);
    expect(edges(graph, 'in', 'Node', 'on-p2')).toEqual(['Pod/p2 by spec.Node']);
    expect(graph.view().totals).toEqual({ nodes: 2, edges: 10 });
    graph.apply([put('Pod', 'p1', [named('ConfigMap', 'b')])]);
    expect(edges(graph, 'in', 'ConfigMap', 'a')).toEqual(['Pod/p2 by spec.ConfigMap']);
    expect(edges(graph, 'in', 'ConfigMap', 'b')).toEqual(['Pod/p1 by spec.ConfigMap', 'Pod/p2 by spec.ConfigMap']);
    graph.apply([gone('Pod', 'p2')]);
    expect(graph.view().find('ConfigMap', 'shop', 'a')).toBeUndefined();
    expect(graph.view().totals).toEqual({ nodes: 1, edges: 1 });
  });
});

describe('references by uid', () => {
  it('lead to nothing present while another object bears the name (F43)', () => {
    const graph = createGraph();
    graph.apply([put('ReplicaSet.apps', 'cart', [], { uid: 'old' })]);
    graph.apply([put('Pod', 'cart-1', [owned('ReplicaSet.apps', 'cart', 'old')])]);
    expect(edges(graph, 'in', 'ReplicaSet.apps', 'cart')).toEqual(['Pod/cart-1 by metadata.ownerReferences[0]']);
    graph.apply([gone('ReplicaSet.apps', 'cart', 'old'), put('ReplicaSet.apps', 'cart', [], { uid: 'new' })]);
    expect(edges(graph, 'out', 'Pod', 'cart-1')).toEqual([
      'ReplicaSet.apps/cart (absent) by metadata.ownerReferences[0]',
    ]);
    expect(edges(graph, 'in', 'ReplicaSet.apps', 'cart')).toEqual([]);
    const owners: NodeId[] = [];
    graph.view().out(idOf(graph, 'Pod', 'cart-1'), (id) => void owners.push(id));
    expect(owners.map((id) => graph.view().whereabouts(id))).toEqual(['gone']);
    graph.apply([gone('ReplicaSet.apps', 'cart', 'new')]);
    expect(edges(graph, 'in', 'ReplicaSet.apps', 'cart')).toEqual(['Pod/cart-1 by metadata.ownerReferences[0]']);
  });

  it('do not follow a deletion that tells of an object already replaced', () => {
    const graph = createGraph();
    graph.apply([put('Pod', 'cart', [], { uid: 'new' }), gone('Pod', 'cart', 'old')]);
    expect(graph.view().node(idOf(graph, 'Pod', 'cart'))).toMatchObject({ state: 'present', uid: 'new' });
  });
});

describe('selectors', () => {
  const web = { app: 'web', tier: 'front' };

  it('lead to the objects whose labels they select, whichever came first', () => {
    const graph = createGraph();
    graph.apply([put('Pod', 'w1', [], { labels: web })]);
    graph.apply([put('Service', 'web', [selecting(is('app', 'web'))])]);
    graph.apply([put('Pod', 'w2', [], { labels: web }), put('Pod', 'db', [], { labels: { app: 'db' } })]);
    expect(edges(graph, 'out', 'Service', 'web')).toEqual(['Pod/w1 by spec.selector', 'Pod/w2 by spec.selector']);
    graph.apply([put('Pod', 'db', [], { labels: web }), put('Pod', 'w1', [], { labels: {} })]);
    expect(edges(graph, 'out', 'Service', 'web')).toEqual(['Pod/db by spec.selector', 'Pod/w2 by spec.selector']);
    graph.apply([put('Service', 'web', [selecting(is('app', 'none'))])]);
    expect(edges(graph, 'in', 'Pod', 'db')).toEqual([]);
  });

  it('hold all of their requirements', () => {
    const graph = createGraph();
    graph.apply([
      put('Pod', 'w', [], { labels: web }),
      put('Service', 's1', [selecting([...is('app', 'web'), { key: 'tier', op: 'notIn', values: ['front'] }])]),
      put('Service', 's2', [
        selecting([
          { key: 'tier', op: 'exists' },
          { key: 'canary', op: 'absent' },
        ]),
      ]),
      put('Service', 's3', [selecting([{ key: 'app', op: 'notIn', values: ['db'] }])]),
      put('Service', 's4', [selecting(is('app', 'db', 'web'))]),
      put('Service', 's5', [selecting([{ key: 'toString', op: 'exists' }])]),
    ]);
    expect(edges(graph, 'in', 'Pod', 'w')).toEqual(
      ['s2', 's3', 's4'].map((name) => `Service/${name} by spec.selector`),
    );
  });

  it('that are empty select all in their scope and no absent ones', () => {
    const graph = createGraph();
    graph.apply([
      put('NetworkPolicy', 'deny', [selecting([])]),
      put('Pod', 'a'),
      put('Pod', 'elsewhere', [], { namespace: 'other' }),
      put('Job', 'j', [named('Pod', 'never-made')]),
    ]);
    expect(edges(graph, 'out', 'NetworkPolicy', 'deny')).toEqual(['Pod/a by spec.selector']);
    expect(edges(graph, 'in', 'Pod', 'a')).toEqual(['NetworkPolicy/deny by spec.selector']);
    expect(edges(graph, 'in', 'Pod', 'elsewhere', 'other')).toEqual([]);
    expect(graph.view().totals).toEqual({ nodes: 4, edges: 2 });
  });

  it('reach over namespaces by the labels of Namespace objects, and follow their change', () => {
    const graph = createGraph();
    const space = (name: string, labels: Record<string, string>) =>
      put('Namespace', name, [], { namespace: '', labels });
    graph.apply([
      put('Rule', 'r', [selecting(is('app', 'web'), { namespace: undefined, namespaceSelector: is('team', 'blue') })]),
      put('Pod', 'w', [], { labels: web }),
      put('Pod', 'w', [], { labels: web, namespace: 'other' }),
      space('shop', { team: 'blue' }),
    ]);
    expect(edges(graph, 'in', 'Pod', 'w')).toEqual(['Rule/r by spec.selector']);
    expect(edges(graph, 'in', 'Pod', 'w', 'other')).toEqual([]);
    graph.apply([space('shop', { team: 'red' }), space('other', { team: 'blue' })]);
    expect(edges(graph, 'in', 'Pod', 'w')).toEqual([]);
    expect(edges(graph, 'in', 'Pod', 'w', 'other')).toEqual(['Rule/r by spec.selector']);
    graph.apply([gone('Namespace', 'other', '', '')]);
    expect(edges(graph, 'out', 'Rule', 'r')).toEqual([]);
  });

  it('find a namespace by its name before its object is known', () => {
    const graph = createGraph();
    const byName = is('kubernetes.io/metadata.name', 'shop');
    graph.apply([
      put('Rule', 'r', [selecting(is('app', 'web'), { namespace: undefined, namespaceSelector: byName })]),
      put('Pod', 'w', [], { labels: web }),
    ]);
    expect(edges(graph, 'out', 'Rule', 'r')).toEqual(['Pod/w by spec.selector']);
  });

  it('select cluster-scoped objects', () => {
    const graph = createGraph();
    graph.apply([
      put('Node', 'n1', [], { namespace: '', labels: { gpu: 'yes' } }),
      put('RuntimeClass', 'gpu', [selecting(is('gpu', 'yes'), { kind: 'Node', namespace: undefined })]),
    ]);
    expect(edges(graph, 'out', 'RuntimeClass', 'gpu')).toEqual(['Node/n1 by spec.selector']);
  });

  it('that select very much answer the same as narrow ones', () => {
    const graph = createGraph();
    graph.apply([put('Service', 'all', [selecting(is('tier', 'web'))])]);
    for (let i = 0; i < 200; i++) graph.apply([put('Pod', `p${i}`, [], { labels: { tier: 'web', app: `${i}` } })]);
    expect(edges(graph, 'out', 'Service', 'all')).toHaveLength(200);
    expect(edges(graph, 'in', 'Pod', 'p150')).toEqual(['Service/all by spec.selector']);
    expect(graph.view().totals).toEqual({ nodes: 201, edges: 200 });
    graph.apply([gone('Service', 'all')]);
    expect(edges(graph, 'in', 'Pod', 'p150')).toEqual([]);
    expect(graph.view().totals).toEqual({ nodes: 200, edges: 0 });
  });
});

describe('what a generation changes', () => {
  function watched(graph: Graph): { last: () => { nodes: string[]; edges: string[] }; stop: () => void } {
    let touched: Touched = { generation: 0, nodes: new Set(), edges: new Set() };
    const stop = graph.onChange((now) => {
      touched = now;
    });
    const names = (ids: ReadonlySet<NodeId>) => [...ids].map((id) => graph.view().node(id).name).sort();
    return { last: () => ({ nodes: names(touched.nodes), edges: names(touched.edges) }), stop };
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

  it('is nothing where the resourceVersion was applied before', () => {
    const graph = createGraph();
    const { last } = watched(graph);
    const pod = put('Pod', 'w', [named('Secret', 'tls')]);
    graph.apply([pod]);
    graph.apply([pod]);
    expect(last()).toEqual({ nodes: [], edges: [] });
    expect(graph.resourceVersionOf('Pod', 'shop', 'w')).toEqual({ resourceVersion: `${version}`, uid: 'uid-w' });
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
