import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createJsonListDecoder } from './json-list.ts';
import { jsonMask } from './json-mask.ts';

const WRITTEN = [{ manager: 'kubectl', fieldsV1: { 'f:spec': { 'k:{"name":"a]}"}': {} } }, more: [[1], []] }];

function read(text: string, cuts: readonly number[], fields: readonly string[] = ['spec', 'after']) {
  const bytes = Buffer.from(text);
  const decoder = createJsonListDecoder(jsonMask(fields));
  const items: unknown[] = [];
  let from = 0;
  for (const cut of [...cuts.map((one) => one % bytes.length), bytes.length].sort((a, b) => a - b)) {
    items.push(...decoder.push(bytes.subarray(from, cut)));
    from = cut;
  }
  return { items, end: decoder.end() };
}

const objects = fc.array(
  fc.record({ spec: fc.jsonValue(), managed: fc.constantFrom(WRITTEN, [], undefined), after: fc.jsonValue() }),
  { maxLength: 4 },
);

test('items are what was written, wherever the chunks end; who wrote what in their metadata may be left out', () => {
  fc.assert(
    fc.property(objects, fc.array(fc.nat(), { maxLength: 6 }), (made, cuts) => {
      const list = made.map(({ spec, managed, after }, index) => ({
        metadata: { name: `o${index}`, managedFields: managed, labels: { a: ']' } },
        spec: { managedFields: WRITTEN, metadata: { managedFields: spec } },
        after,
      }));
      const { items, end } = read(
        JSON.stringify({ kind: 'List', metadata: { resourceVersion: '7' }, items: list }),
        cuts,
      );
      const without = (value: unknown) =>
        (JSON.parse(JSON.stringify(value)) as typeof list).map(({ metadata, ...rest }) => ({
          ...rest,
          metadata: { ...metadata, managedFields: undefined },
        }));
      expect(without(items)).toEqual(without(list));
      expect(end.resourceVersion).toBe('7');
    }),
  );
});

test('who wrote what is passed over', () => {
  const list = {
    metadata: {},
    items: [{ metadata: { managedFields: WRITTEN, name: 'a' }, spec: { managedFields: WRITTEN } }],
  };
  const [item] = read(JSON.stringify(list), []).items;
  expect(item).toEqual({ metadata: { managedFields: [], name: 'a' }, spec: { managedFields: WRITTEN } });
});

test('members that nobody reads are passed over, in lists of objects too; texts, numbers and lists of lists stay', () => {
  const list = {
    metadata: {},
    items: [
      {
        metadata: { name: 'a', annotations: { b: 'c' } },
        spec: {
          'a"spec': {},
          parts: [{ name: 'x', ports: [1], more: { deep: [{}] } }, [{ more: { deep: 1 } }]],
          text: '}',
        },
        status: { parts: [{ name: 'y' }] },
        data: { spec: { parts: [] } },
      },
    ],
  };
  const [item] = read(JSON.stringify(list), [], ['spec.parts.name', 'spec.parts.ports', 'status.parts.name']).items;
  expect(item).toEqual({
    metadata: { name: 'a', annotations: { b: 'c' } },
    spec: {
      'a"spec': {},
      parts: [{ name: 'x', ports: [1], more: {} }, [{ more: { deep: 1 } }]],
      text: '}',
    },
    status: { parts: [{ name: 'y' }] },
    data: {},
  });
});

test('a name that is spelled with escapes is read as it is meant', () => {
  const text = '{"metadata":{},"items":[{"sp\\u0065c":{"a":{"b":1}},"status":{"a":{}, "c":{"d":[2]} } }]}';
  const [item] = read(text, [], ['spec.a.b', 'status.a']).items;
  expect(item).toEqual({ spec: { a: { b: 1 } }, status: { a: {}, c: {} } });
});

test('what is read is whole, wherever the chunks end', () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  const part = fc.record({ 'name\\"': value, read: value, more: value }, { requiredKeys: [] });
  const item = fc.record({ spec: fc.record({ parts: fc.array(part), read: part, more: part }), data: part });
  fc.assert(
    fc.property(fc.array(item, { maxLength: 3 }), fc.array(fc.nat(), { maxLength: 8 }), (items, cuts) => {
      const found = read(JSON.stringify({ metadata: {}, items }), cuts, ['spec.parts.read', 'spec.read']).items;
      const plain: unknown = JSON.parse(JSON.stringify(items));
      const kept = (all: unknown) =>
        (all as typeof items).map(({ spec }) => ({ read: spec.read, parts: spec.parts.map((one) => one.read) }));
      expect(kept(found)).toEqual(kept(plain));
    }),
  );
});
