import { describe, expect, it } from 'vitest';
import { createGraph } from './create-graph.ts';
import { edges, GRANTS, gone, idOf, is, named, owned, put, selecting, USES } from './store/graph-words.ts';
import type { NodeId, Reference } from './types.ts';

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
