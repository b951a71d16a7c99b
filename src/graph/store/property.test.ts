import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGraph } from '../create-graph.ts';
import type { Change, Graph, Health, Projected, Reference, Relation, Requirement, Selector, Why } from '../types.ts';

/**
 * Random worlds under random changes. What the graph says afterwards must equal what a graph says that was given only the final objects,
 * in another order, and what a plain reading of the definition says (`expectedEdges`).
 */
const relation = (id: string, inverse?: true): Relation => ({
  id,
  rows: [],
  verb: id,
  sources: 'any',
  class: 'uses',
  strength: 'hard',
  fields: [],
  references: () => [],
  ...(inverse === undefined ? {} : { inverse }),
});
const FORWARD = relation('forward');
const BACKWARD = relation('backward', true);

const NAMESPACES = ['a', 'b', 'c'];
const NAMES = ['x', 'y', 'z'];
const KINDS = ['Pod', 'ConfigMap', 'Node', '~Image'];
const UIDS = ['1', '2', '3'];

const namespaceOf = (kind: string, namespace: string) => (kind === 'Node' || kind === '~Image' ? '' : namespace);
const one = fc.constantFrom;
const labels = fc.dictionary(one('app', 'tier'), one('p', 'q', 'r'), { maxKeys: 2 });
const requirement: fc.Arbitrary<Requirement> = fc.oneof(
  fc.record({
    key: one('app', 'tier'),
    op: one('in' as const, 'notIn' as const),
    values: fc.uniqueArray(one('p', 'q', 'r'), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ key: one('app', 'tier'), op: one('exists' as const, 'absent' as const) }),
);
const selector: fc.Arbitrary<Selector> = fc.array(requirement, { maxLength: 2 });
const path = one('p1', 'p2', 'p3', 'p4');
const byName: fc.Arbitrary<Reference> = fc
  .record({ kind: one(...KINDS), path, namespace: one(...NAMESPACES), name: one(...NAMES), optional: fc.boolean() })
  .map((r) => ({ by: 'name', ...r, namespace: namespaceOf(r.kind, r.namespace) }));
const byUid: fc.Arbitrary<Reference> = fc
  .record({
    kind: one('Pod', 'ConfigMap', 'Node'),
    path,
    namespace: one(...NAMESPACES),
    name: one(...NAMES),
    uid: one(...UIDS),
  })
  .map((r) => ({ by: 'uid', ...r, namespace: namespaceOf(r.kind, r.namespace) }));
const bySelector: fc.Arbitrary<Reference> = fc
  .record({
    kind: one('Pod', 'ConfigMap', 'Node'),
    path: one('s1', 's2'), // a field holds a name or a selector, never both
    namespace: fc.option(one(...NAMESPACES), { nil: undefined }),
    namespaceSelector: fc.option(selector, { nil: undefined }),
    selector,
  })
  .map(({ namespaceSelector, ...r }) => ({
    by: 'selector',
    ...r,
    ...(r.namespace === undefined && namespaceSelector !== undefined ? { namespaceSelector } : {}),
  }));
const references = fc.array(
  fc.record({ relation: one(FORWARD, FORWARD, BACKWARD), reference: fc.oneof(byName, byName, byUid, bySelector) }),
  { maxLength: 8, size: 'max' },
);

type Key = { kind: string; namespace: string; name: string };
const place: fc.Arbitrary<Key> = fc.oneof(
  fc.record({ kind: one('Pod', 'ConfigMap'), namespace: one(...NAMESPACES), name: one(...NAMES) }),
  fc.record({ kind: fc.constant('Node'), namespace: fc.constant(''), name: one(...NAMES) }),
  fc.record({ kind: fc.constant('Namespace'), namespace: fc.constant(''), name: one(...NAMESPACES) }),
);
const object = fc
  .tuple(place, fc.record({ uid: one(...UIDS), labels, health: one<Health>('ok', 'failed', 'warning'), references }))
  .map(([where, rest]) => ({ ...where, ...rest }));

type Step =
  | {
      do: 'upsert';
      object: Pick<Projected, 'kind' | 'namespace' | 'name' | 'uid' | 'labels' | 'health' | 'references'>;
    }
  | { do: 'status'; at: Key; health: Health }
  /** As it was first, with the very same list of references. */
  | { do: 'return'; at: Key }
  | { do: 'delete'; at: Key }
  | { do: 'drop'; kind: string; namespace: string | undefined };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: object.map((o): Step => ({ do: 'upsert', object: o })) },
  {
    weight: 2,
    arbitrary: fc.tuple(place, one<Health>('ok', 'failed')).map(([at, health]): Step => ({ do: 'status', at, health })),
  },
  { weight: 2, arbitrary: place.map((at): Step => ({ do: 'return', at })) },
  { weight: 3, arbitrary: place.map((at): Step => ({ do: 'delete', at })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(one('Pod', 'ConfigMap', 'Node'), fc.option(one(...NAMESPACES), { nil: undefined }))
      .map(([kind, namespace]): Step => ({ do: 'drop', kind, namespace })),
  },
);

const keyOf = (o: Key) => `${o.kind}/${o.namespace}/${o.name}`;
let version = 0;

/** Carries the steps out on a graph and on a plain map of objects. */
function play(graph: Graph, world: Map<string, Projected>, steps: readonly Step[], sliceAt: number): void {
  let batch: Change[] = [];
  const first = new Map<string, Projected>();
  const flush = () => {
    if (batch.length > 0) graph.apply(batch);
    void graph.view().totals; // what it remembers of its counts must not outlive a change
    batch = [];
  };
  const put = (object: Projected) => {
    world.set(keyOf(object), object);
    if (!first.has(keyOf(object))) first.set(keyOf(object), object);
    batch.push({ type: 'upsert', object });
  };
  for (const s of steps) {
    if (s.do === 'upsert') {
      const again = ++version % 2 === 0 ? {} : { again: true as const };
      put({ ...s.object, ...again, resourceVersion: `${version}`, created: 1, deleting: undefined, facts: {} });
    } else if (s.do === 'status') {
      const before = world.get(keyOf(s.at));
      if (before !== undefined) put({ ...before, health: s.health, resourceVersion: `${++version}` });
    } else if (s.do === 'return') {
      const past = first.get(keyOf(s.at));
      if (past !== undefined) put({ ...past, resourceVersion: `${++version}` });
    } else if (s.do === 'delete') {
      const before = world.get(keyOf(s.at));
      world.delete(keyOf(s.at));
      batch.push({ type: 'delete', ...s.at, uid: before?.uid ?? '' });
    } else {
      flush();
      graph.drop(s.kind, s.namespace);
      for (const [key, o] of world)
        if (o.kind === s.kind && (s.namespace === undefined || o.namespace === s.namespace)) world.delete(key);
    }
    if (batch.length >= sliceAt) flush();
  }
  flush();
}

function holds(selector: Selector, labels: Readonly<Record<string, string>>): boolean {
  return selector.every((r) => {
    const value = labels[r.key];
    if (r.op === 'in') return value !== undefined && r.values.includes(value);
    if (r.op === 'notIn') return value === undefined || !r.values.includes(value);
    return (value !== undefined) === (r.op === 'exists');
  });
}

/** Straight from the words of types.ts, by looking at every pair. */
function expectedEdges(world: Map<string, Projected>): string[] {
  const edges = new Set<string>();
  for (const source of world.values()) {
    for (const { relation, reference: r } of source.references) {
      const add = (other: string) => {
        const why = `${relation.id} ${r.path}${r.optional === true ? '?' : ''} ${r.by === 'uid' ? r.uid : ''}`;
        edges.add(relation.inverse ? `${other} => ${keyOf(source)} ${why}` : `${keyOf(source)} => ${other} ${why}`);
      };
      if (r.by === 'selector') {
        for (const target of world.values()) {
          if (target.kind !== r.kind || !holds(r.selector, target.labels)) continue;
          if (r.namespace !== undefined && r.namespace !== target.namespace) continue;
          const namespaceLabels = world.get(`Namespace//${target.namespace}`)?.labels ?? {};
          const chosen = r.namespaceSelector ?? [];
          if (chosen.length === 0 || (target.namespace !== '' && holds(chosen, namespaceLabels))) add(keyOf(target));
        }
        continue;
      }
      const target = world.get(keyOf(r));
      if (target === undefined) add(`${keyOf(r)} absent`);
      else add(r.by === 'uid' && r.uid !== target.uid ? `${keyOf(r)} absent` : keyOf(r));
    }
  }
  return [...edges].sort();
}

/** All that a graph says, with names in place of ids. */
function dump(graph: Graph) {
  const view = graph.view();
  const name = (id: number) => `${keyOf(view.node(id))}${view.node(id).state === 'absent' ? ' absent' : ''}`;
  const out: string[] = [];
  const incoming: string[] = [];
  const nodes = new Set<number>();
  for (const kind of view.kinds()) view.eachOfKind(kind, undefined, (id) => void nodes.add(id));
  const todo = [...nodes];
  const meet = (id: number) => {
    if (nodes.has(id)) return;
    nodes.add(id);
    todo.push(id);
  };
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    const here = id;
    view.out(here, (other, why) => {
      meet(other);
      out.push(`${name(here)} => ${name(other)} ${why.relation.id} ${why.path}${why.optional ? '?' : ''} ${why.uid}`);
      return true;
    });
    let dependents = 0;
    view.in(here, (other, why) => {
      meet(other);
      dependents++;
      incoming.push(
        `${name(other)} => ${name(here)} ${why.relation.id} ${why.path}${why.optional ? '?' : ''} ${why.uid}`,
      );
      return true;
    });
    expect(view.dependents(here, Number.POSITIVE_INFINITY)).toBe(dependents);
    expect(view.dependents(here, 1) > 1).toBe(dependents > 1);
    const chosen: string[] = [];
    const choose = (other: number, why: Why) => void chosen.push(`${other} ${why.path}`);
    const all: string[] = [];
    const optional = (why: Why) => why.optional;
    view.in(here, (other, why) => void (why.optional && all.push(`${other} ${why.path}`)));
    view.in(here, choose, optional);
    view.out(here, (other, why) => void (why.optional && all.push(`${other} ${why.path}`)));
    view.out(here, choose, optional);
    expect(chosen).toEqual(all);
  }
  const described = [...nodes].map((id) => {
    const { uid, labels, health } = view.node(id);
    return `${name(id)} ${uid} ${JSON.stringify(Object.entries(labels).sort())} ${health} ${view.whereabouts(id)}`;
  });
  const counts = [...view.kinds()]
    .sort()
    .map((kind) => [kind, view.count(kind), ...NAMESPACES.map((n) => view.count(kind, n))]);
  return {
    nodes: described.sort(),
    out: out.sort(),
    in: incoming.sort(),
    counts,
    namespaces: view.namespaces(),
    totals: view.totals,
  };
}

describe('the graph under random changes', () => {
  for (const maxLinks of [64, 1])
    it(`says what its objects say, however it came by them, with selectors linked to at most ${maxLinks} groups`, () => {
      fc.assert(
        fc.property(
          fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }),
          fc.integer({ min: 1, max: 8 }),
          (steps, slice) => {
            const graph = createGraph({ maxLinks });
            const world = new Map<string, Projected>();
            graph.setKindState('Pod', { state: 'synced' });
            play(graph, world, steps, slice);
            const rebuilt = createGraph();
            rebuilt.setKindState('Pod', { state: 'synced' });
            rebuilt.apply([...world.values()].reverse().map((o) => ({ type: 'upsert', object: o })));
            const said = dump(graph);
            expect(said).toEqual(dump(rebuilt));
            expect(said.in).toEqual(said.out);
            expect(said.out).toEqual(expectedEdges(world));
            expect(said.totals).toEqual({ nodes: world.size, edges: said.out.length });
          },
        ),
        { seed: 606, numRuns: 1500 },
      );
    });

  it('keeps nothing once all objects are gone', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }), (steps) => {
        const graph = createGraph();
        const world = new Map<string, Projected>();
        play(graph, world, steps, 3);
        graph.apply(
          [...world.values()].map(({ kind, namespace, name, uid }) => ({ type: 'delete', kind, namespace, name, uid })),
        );
        expect(dump(graph)).toEqual({
          nodes: [],
          out: [],
          in: [],
          counts: [],
          namespaces: [],
          totals: { nodes: 0, edges: 0 },
        });
        expect(graph.view().find('ConfigMap', 'a', 'x')).toBeUndefined();
        expect(graph.memory().byKind.size).toBe(0);
      }),
      { seed: 607, numRuns: 500 },
    );
  });
});
