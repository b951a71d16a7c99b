import { describe, expect, it } from 'vitest';
import { createGraph } from '../create-graph.ts';
import type { Change, Reference, Relation, Selector } from '../types.ts';

const SELECTS: Relation = {
  id: 'selects',
  rows: [],
  verb: 'selects',
  sources: 'any',
  class: 'routes',
  strength: 'hard',
  fields: [],
  references: () => [],
};

function put(kind: string, name: string, labels: Record<string, string>, selector?: Selector): Change {
  const reference = {
    by: 'selector',
    kind: 'Pod',
    path: 's',
    namespace: 'shop',
    selector: selector ?? [],
  } as Reference;
  return {
    type: 'upsert',
    object: {
      ...{ kind, namespace: 'shop', name, uid: name, resourceVersion: '', created: 0, deleting: undefined },
      ...{ labels, health: 'ok', facts: {} },
      references: selector === undefined ? [] : [{ relation: SELECTS, reference }],
    },
  };
}

describe('a namespace with very many sets of labels', () => {
  it('finds what a new selector selects, with objects gone and come since', () => {
    const graph = createGraph();
    graph.apply([put('Service', 'first', {}, [])]);
    for (let i = 0; i < 400; i++) graph.apply([put('Pod', `p${i}`, { app: `a${i % 100}`, index: `${i}` })]);
    for (let i = 0; i < 300; i++)
      graph.apply([{ type: 'delete', kind: 'Pod', namespace: 'shop', name: `p${i}`, uid: '' }]);
    graph.apply([put('Pod', 'p7', { app: 'a7', index: 'again' })]);
    const selected = (selector: Selector) => {
      graph.apply([put('Service', 'now', {}, selector)]);
      const view = graph.view();
      const names: string[] = [];
      view.out(view.find('Service', 'shop', 'now') ?? 0, (id) => void names.push(view.node(id).name));
      return names.sort();
    };
    expect(selected([{ key: 'app', op: 'in', values: ['a7'] }])).toEqual(['p307', 'p7']);
    expect(
      selected([
        { key: 'app', op: 'in', values: ['a7', 'a8'] },
        { key: 'index', op: 'notIn', values: ['307'] },
      ]),
    ).toEqual(['p308', 'p7']);
    expect(selected([{ key: 'app', op: 'in', values: ['no such'] }])).toEqual([]);
    expect(selected([{ key: 'index', op: 'exists' }])).toHaveLength(101);
  });

  it('finds those of a label that many sets share, down to the last and up again', () => {
    const graph = createGraph();
    const drop = (name: string): Change => ({ type: 'delete', kind: 'Pod', namespace: 'shop', name, uid: '' });
    graph.apply([put('Service', 'first', {}, [])]);
    for (let i = 0; i < 300; i++)
      graph.apply([put('Pod', `p${i}`, { tier: i % 6 === 0 ? 'front' : 'back', index: `${i}` })]);
    const front = () => {
      graph.apply([put('Service', 'now', {}, [{ key: 'tier', op: 'in', values: ['front'] }])]);
      const view = graph.view();
      let found = 0;
      view.out(view.find('Service', 'shop', 'now') ?? 0, () => {
        found++;
        return undefined;
      });
      graph.apply([{ type: 'delete', kind: 'Service', namespace: 'shop', name: 'now', uid: '' }]);
      return found;
    };
    expect(front()).toBe(50);
    for (let i = 0; i < 294; i += 6) graph.apply([drop(`p${i}`)]);
    expect(front()).toBe(1);
    graph.apply([drop('p294')]);
    expect(front()).toBe(0);
    for (let i = 0; i < 20; i++) graph.apply([put('Pod', `q${i}`, { tier: 'front', index: `q${i}` })]);
    for (let i = 0; i < 3; i++) graph.apply([drop(`q${i}`)]);
    expect(front()).toBe(17);
  });
});
