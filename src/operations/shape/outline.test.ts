import { expect, test } from 'vitest';
import { compilePath } from '../query/jsonpath.ts';
import { outline } from './outline.ts';

test('the largest parts come first, and the path of the largest can be asked for', () => {
  const object = {
    kind: 'ConfigMap',
    metadata: { name: 'x' },
    data: { 'a.json': 'x'.repeat(2500), b: 'y'.repeat(40) },
  };
  const { text, largest } = outline(object);
  expect(text).toBe('data.a.json 3 KB, data.b 42 B, kind 11 B, metadata.name 3 B');
  expect(largest).toBe(".data['a.json']");
  expect(compilePath('fields', largest ?? '').all(object)).toEqual(['x'.repeat(2500)]);
});

test.each(['plain', 'with-dash', 'a.b', "quo'te", '1'])('the path of a key %s finds its value', (key) => {
  const object = { data: { [key]: 'value' } };
  expect(compilePath('fields', outline(object).largest ?? '').all(object)).toEqual(['value']);
});

test('beyond twelve parts the rest is counted', () => {
  const data = Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`k${i}`, 'v']));
  expect(outline({ data }).text).toMatch(/, 3 more$/);
  expect(outline({})).toEqual({ text: '', largest: undefined });
});
