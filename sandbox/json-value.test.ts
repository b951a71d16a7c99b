import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { copyJson, frozen, sameJson, sharing, withoutAbsent } from './json-value.ts';

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

it('shares with what was there before all that is equal, and gives it back itself when nothing differs', () => {
  const before = { a: { b: [1, { c: 2 }] }, d: { e: 'f' }, g: [1, 2] };
  expect(sharing(before, structuredClone(before))).toBe(before);
  expect(sharing(before, { ...structuredClone(before), h: undefined })).toBe(before);
  const sent = { a: { b: [1, { c: 3 }] }, d: { e: 'f' }, g: [1, 2, 3], i: { j: undefined } };
  const next = sharing(before, sent);
  expect(next).toStrictEqual({ a: { b: [1, { c: 3 }] }, d: { e: 'f' }, g: [1, 2, 3], i: {} });
  expect(next.d).toBe(before.d);
  expect(next.a).not.toBe(sent.a);
  expect(next.g).not.toBe(sent.g);
});

it('is the same as comparing, for any JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
      expect(sharing(left, right)).toEqual(right);
      expect(sharing(left, structuredClone(right)) === left).toBe(sameJson(left, right));
      expect(sameJson(left, right)).toBe(isDeepStrictEqual(left, right));
      expect(sameJson(copyJson(left), left)).toBe(true);
    }),
  );
});

it('freezes whatever hangs on a value', () => {
  const value = frozen({ a: [{ b: 1 }] });
  expect(() => value.a.push({ b: 2 })).toThrow(TypeError);
  expect(Object.isFrozen(value.a[0])).toBe(true);
});
