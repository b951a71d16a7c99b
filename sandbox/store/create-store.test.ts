import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClock } from '../clock.ts';
import type { KubeObject } from '../types.ts';
import { createStore } from './create-store.ts';
import { heldBody } from './held-body.ts';
import type { LogEvent, Store, Version } from './types.ts';

const thing = (namespace: string, name: string, value = ''): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...(namespace === '' ? {} : { namespace }), uid: `uid-${name}` },
  data: { value },
});

const put = (store: Store, namespace: string, name: string, value = '') =>
  store.put({ resource: 'configmaps', object: thing(namespace, name, value) });

const keys = (versions: readonly Version[]) => versions.map(({ namespace, name }) => `${namespace}/${name}`);

function states(versions: readonly Version[]) {
  return versions.map(({ namespace, name, revision, body }) => {
    const { data } = body.object() as unknown as { data: { value: string } };
    return { key: `${namespace}/${name}`, revision, value: data.value };
  });
}

function past(store: Store, namespace: string | undefined, revision: number) {
  const snapshot = store.at('configmaps', namespace, revision);
  if (snapshot.kind !== 'ok') throw new Error(`no snapshot of ${revision}: ${snapshot.kind}`);
  return states(snapshot.versions);
}

describe('the store', () => {
  it('counts one revision up for every write of any resource, and writes it into the object', () => {
    const store = createStore({ startRevision: 41 });
    put(store, 'a', 'x');
    const version = store.put({ resource: 'secrets', object: { ...thing('a', 'y'), kind: 'Secret' } });
    expect(store.revision).toBe(43);
    expect(version).toMatchObject({ resource: 'secrets', namespace: 'a', name: 'y', uid: 'uid-y', revision: 43 });
    expect(version.body.object().metadata.resourceVersion).toBe('43');
    expect(store.get('secrets', 'a', 'y')).toBe(version);
    expect(store.get('secrets', 'a', 'z')).toBeUndefined();
    expect(store.get('pods', 'a', 'z')).toBeUndefined();
  });

  it('sorts as etcd does: a namespace and a slash, bytewise', () => {
    const store = createStore();
    for (const [namespace, name] of [
      ['b', 'x'],
      ['a', 'x'],
      ['a-b', 'x'],
      ['a', 'a'],
    ] as const) {
      put(store, namespace, name);
    }
    expect(keys(store.list('configmaps'))).toEqual(['a-b/x', 'a/a', 'a/x', 'b/x']);
    expect(keys(store.list('configmaps', 'a'))).toEqual(['a/a', 'a/x']);
    expect(store.count('configmaps', 'a')).toBe(2);
    expect(store.count('configmaps')).toBe(4);
    expect(store.count('configmaps', 'c')).toBe(0);
  });

  it('hands out the same array until something in its scope changes, and never changes one', () => {
    const store = createStore();
    put(store, 'a', 'x');
    put(store, 'b', 'x');
    const [all, ofA] = [store.list('configmaps'), store.list('configmaps', 'a')];
    put(store, 'b', 'y');
    expect(store.list('configmaps', 'a')).toBe(ofA);
    expect(keys(all)).toEqual(['a/x', 'b/x']);
    expect(keys(store.list('configmaps'))).toEqual(['a/x', 'b/x', 'b/y']);
  });

  it('tells a deletion with its own revision, in the last state or in the one it is given', () => {
    const store = createStore({ startRevision: 10 });
    const seen: LogEvent[] = [];
    store.subscribe({ resource: 'configmaps' }, 10, (event) => seen.push(event));
    put(store, 'a', 'x', 'one');
    put(store, 'a', 'y', 'two');
    store.remove('configmaps', 'a', 'x');
    store.remove('configmaps', 'a', 'y', thing('a', 'y', 'last'));
    expect(store.remove('configmaps', 'a', 'y')).toBeUndefined();
    expect(store.revision).toBe(14);
    expect(seen.map(({ type, version }) => [type, ...states([version])])).toEqual([
      ['ADDED', { key: 'a/x', revision: 11, value: 'one' }],
      ['ADDED', { key: 'a/y', revision: 12, value: 'two' }],
      ['DELETED', { key: 'a/x', revision: 13, value: 'one' }],
      ['DELETED', { key: 'a/y', revision: 14, value: 'last' }],
    ]);
    expect(seen.map(({ version }) => version.body.object().metadata.resourceVersion)).toEqual(['11', '12', '13', '14']);
  });

  it('refuses what is compacted or yet to come', () => {
    const store = createStore({ startRevision: 1 });
    for (const name of ['a', 'b', 'c']) put(store, 'n', name);
    store.compact(3);
    expect(store.at('configmaps', undefined, 2)).toEqual({ kind: 'compacted', oldest: 3 });
    expect(past(store, undefined, 3)).toHaveLength(2);
    expect(store.at('configmaps', undefined, 5)).toEqual({ kind: 'future', current: 4 });
    const nothing = () => undefined;
    expect(store.subscribe({ resource: 'configmaps' }, 2, nothing)).toEqual({ kind: 'compacted', oldest: 3 });
    expect(store.subscribe({ resource: 'configmaps' }, 5, nothing)).toEqual({ kind: 'future', current: 4 });
    expect(store.subscribe({ resource: 'configmaps' }, 3, nothing).kind).toBe('ok');
  });

  it('shows every subscriber the same order, also when one writes while it is shown an event', () => {
    const store = createStore();
    const order: string[] = [];
    store.subscribe({ resource: 'configmaps' }, store.revision, ({ version }) => {
      order.push(`first ${version.name}`);
      if (version.name === 'a') put(store, 'n', 'b');
      if (version.name === 'b')
        store.subscribe({ resource: 'configmaps' }, 1, (event) => late.push(event.version.name));
    });
    const late: string[] = [];
    store.subscribe({ resource: 'configmaps' }, store.revision, ({ version }) => order.push(`second ${version.name}`));
    put(store, 'n', 'a');
    expect(order).toEqual(['first a', 'second a', 'first b', 'second b']);
    expect(late).toEqual(['a', 'b']);
  });

  it('tells a stopped subscriber nothing more, and a namespaced one nothing of other namespaces', () => {
    const store = createStore();
    const seen: string[] = [];
    const scope = { resource: 'configmaps', namespace: 'a' };
    const subscription = store.subscribe(scope, store.revision, ({ version }) => seen.push(version.name));
    put(store, 'a', 'one');
    put(store, 'b', 'two');
    if (subscription.kind === 'ok') subscription.stop();
    put(store, 'a', 'three');
    expect(seen).toEqual(['one']);
  });

  it('keeps the number of events it is told to, and a little more', () => {
    const store = createStore({ keepEvents: 100 });
    for (let index = 0; index < 1000; index++) put(store, 'n', `x${index % 10}`);
    const kept = store.revision - store.compactedRevision;
    expect(kept).toBeGreaterThanOrEqual(100);
    expect(kept).toBeLessThanOrEqual(125);
  });

  it('compacts by the clock to where it was one interval ago', () => {
    const clock = createClock('still', 0);
    const store = createStore({ compaction: { clock, everyMs: 300_000 } });
    put(store, 'n', 'a');
    clock.advance(300_000);
    expect(store.compactedRevision).toBe(1);
    put(store, 'n', 'b');
    clock.advance(300_000);
    expect(store.compactedRevision).toBe(2);
    clock.advance(300_000);
    expect(store.compactedRevision).toBe(3);
  });

  it('takes bodies that are made elsewhere, and leaves no gap when making one fails', () => {
    const store = createStore({ startRevision: 7 });
    const head = { resource: 'pods', namespace: 'n', name: 'p', uid: 'u', labels: { app: 'x' } };
    expect(() =>
      store.putBody(head, () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    const version = store.putBody(head, (revision) => heldBody(thing('n', 'p', `at ${revision}`)));
    expect(states([version])).toEqual([{ key: 'n/p', revision: 8, value: 'at 8' }]);
    expect(store.get('pods', 'n', 'p')).toBe(version);
  });
});

const NAMESPACES = ['a', 'a-b', 'b', 'ab'];
const NAMES = ['x', 'y', 'z', 'x-1', 'x.1'];
type Step =
  | { kind: 'put' | 'remove'; namespace: string; name: string }
  | { kind: 'list'; namespace: string | undefined }
  | { kind: 'compact'; back: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('put', 'put', 'remove'),
      namespace: fc.constantFrom(...NAMESPACES),
      name: fc.constantFrom(...NAMES),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('list'), namespace: fc.constantFrom(undefined, ...NAMESPACES) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('compact'), back: fc.nat(10) }) },
);

type Model = Map<string, { namespace: string; revision: number }>;
const read = (model: Model | undefined, namespace: string | undefined) =>
  [...(model ?? new Map())]
    .filter(([, held]) => namespace === undefined || held.namespace === namespace)
    .map(([key, held]) => ({ key, revision: held.revision, value: `${held.revision}` }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));

describe('the store beside a model', () => {
  it('shows every revision that is not compacted as it was, and the way from each to the present', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const store = createStore();
        /** The model at every revision. */
        const history = new Map<number, Model>([[store.revision, new Map()]]);
        const latest = () => history.get(store.revision) ?? new Map();
        for (const { kind, ...rest } of steps) {
          const { namespace, name, back } = rest as { namespace: string; name: string; back: number };
          const model: Model = new Map(latest());
          const key = `${namespace}/${name}`;
          if (kind === 'put') {
            model.set(key, { namespace, revision: store.revision + 1 });
            put(store, namespace, name, `${store.revision + 1}`);
          } else if (kind === 'remove') {
            const gone = store.remove('configmaps', namespace, name);
            expect(gone !== undefined).toBe(model.delete(key));
          } else if (kind === 'list') {
            expect(states(store.list('configmaps', namespace))).toEqual(read(model, namespace));
            expect(store.count('configmaps', namespace)).toBe(read(model, namespace).length);
          } else store.compact(store.revision - back);
          history.set(store.revision, model);
        }
        for (let revision = store.compactedRevision; revision <= store.revision; revision++) {
          for (const namespace of [undefined, ...NAMESPACES]) {
            const was = past(store, namespace, revision);
            expect(was).toEqual(read(history.get(revision), namespace));
            const replica = new Map(was.map((state) => [state.key, state]));
            const scope = { resource: 'configmaps', ...(namespace === undefined ? {} : { namespace }) };
            const subscription = store.subscribe(scope, revision, ({ type, version }) => {
              const [state] = states([version]);
              if (state === undefined) return;
              expect(replica.has(state.key)).toBe(type !== 'ADDED');
              if (type === 'DELETED') replica.delete(state.key);
              else replica.set(state.key, state);
            });
            expect(subscription.kind).toBe('ok');
            if (subscription.kind === 'ok') subscription.stop();
            expect([...replica.values()].sort((a, b) => (a.key < b.key ? -1 : 1))).toEqual(read(latest(), namespace));
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('finds and orders any of thousands that came and went in any order, and what they were before', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5000), { minLength: 3000, maxLength: 4000 }), (numbers) => {
        const store = createStore();
        const model = new Set<string>();
        const nameOf = (index: number) => `x-${index}`;
        for (const number of numbers) put(store, NAMESPACES[number % 3] ?? '', nameOf(number));
        for (const number of numbers) model.add(`${NAMESPACES[number % 3]}/${nameOf(number)}`);
        const full = [...model].sort();
        expect(keys(store.list('configmaps'))).toEqual(full);
        const before = store.revision;
        for (const number of numbers) {
          if (number % 2 === 0) continue;
          store.remove('configmaps', NAMESPACES[number % 3] ?? '', nameOf(number));
          model.delete(`${NAMESPACES[number % 3]}/${nameOf(number)}`);
        }
        expect(keys(store.list('configmaps'))).toEqual([...model].sort());
        const snapshot = store.at('configmaps', undefined, before);
        expect(snapshot.kind === 'ok' ? keys(snapshot.versions) : []).toEqual(full);
        for (const number of numbers.slice(0, 200)) {
          const found = store.get('configmaps', NAMESPACES[number % 3] ?? '', nameOf(number));
          expect(found !== undefined).toBe(number % 2 === 0);
        }
      }),
      { numRuns: 5 },
    );
  });
});
