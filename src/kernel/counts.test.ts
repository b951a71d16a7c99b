import { expect, test } from 'vitest';
import { countBy } from './counts.ts';

test('the most frequent first, those alike by name, in whatever order they came', () => {
  const told = Object.entries(countBy(['role', 'pod', 'claim', 'pod'], (word) => word));
  expect(told).toEqual([
    ['pod', 2],
    ['claim', 1],
    ['role', 1],
  ]);
  expect(Object.entries(countBy(['claim', 'pod', 'role', 'pod'], (word) => word))).toEqual(told);
});
