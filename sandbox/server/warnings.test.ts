import { expect, test } from 'vitest';
import { createWarnings } from './warnings.ts';

test('a warning is given once', () => {
  const { add, texts } = createWarnings();
  for (const text of ['a', 'b', 'a', '']) add(text);
  expect(texts()).toEqual(['a', 'b']);
});

test('too many warnings are cut, then left out, and cost no more than they show', () => {
  const { add, texts } = createWarnings();
  add('é'.repeat(4000));
  expect(texts()[0]).toHaveLength(4000);
  for (let at = 0; at < 100_000; at++) add(`${at} ${'x'.repeat(300)}`);
  expect(texts()).toHaveLength(16);
  expect(new Set(texts().map(({ length }) => length))).toEqual(new Set([256]));
});
