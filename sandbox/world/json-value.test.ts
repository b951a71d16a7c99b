import { expect, it } from 'vitest';
import { sameJson, withoutAbsent } from './json-value.ts';

it('compares whatever the order of keys, and as if what is undefined were not there', () => {
  expect(sameJson({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 })).toBe(true);
  expect(sameJson({ a: 1, b: undefined }, { a: 1 })).toBe(true);
  expect(sameJson({ a: 1 }, { a: 1, b: undefined })).toBe(true);
  expect(sameJson({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  expect(sameJson({ a: undefined, c: 2 }, { b: 1, c: 2 })).toBe(false);
  expect(sameJson([1, 2], [2, 1])).toBe(false);
  expect(sameJson([], {})).toBe(false);
  expect(sameJson(null, {})).toBe(false);
  expect(sameJson('1', 1)).toBe(false);
});

it('leaves out what is undefined, at any depth', () => {
  expect(Object.keys(withoutAbsent({ a: undefined, b: [{ c: undefined, d: 1 }] }))).toEqual(['b']);
  expect(withoutAbsent({ b: [{ c: undefined, d: 1 }] })).toStrictEqual({ b: [{ d: 1 }] });
});
