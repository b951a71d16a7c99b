import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createJsonListDecoder } from './json-list.ts';

const WRITTEN = [{ manager: 'kubectl', fieldsV1: { 'f:spec': { 'k:{"name":"a]}"}': {} } }, more: [[1], []] }];

function read(text: string, cuts: readonly number[]) {
  const bytes = Buffer.from(text);
  const decoder = createJsonListDecoder();
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
