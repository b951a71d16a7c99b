import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prune } from './prune.ts';

test('keeps the first leaves in order and counts the rest', () => {
  const object = { a: 1, b: { c: [1, 2, 3], d: 'x' }, e: { f: 1, g: [], h: null } };
  expect(prune(object, 4)).toEqual({ value: { a: 1, b: { c: [1, 2, 3] } }, dropped: 4 });
});

test('a small value is given back as it is', () => {
  const object = { a: [1, { b: 2 }] };
  expect(prune(object, 2)).toEqual({ value: object, dropped: 0 });
  expect(prune(object, 2).value).toBe(object);
});

/** Path and value of every scalar, in order. */
function scalars(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [`${path}=${String(value)}`];
  return Object.entries(value).flatMap(([key, child]) => scalars(child, `${path}/${key}`));
}

test('what is kept are the first scalars, and never more than asked', () => {
  fc.assert(
    fc.property(fc.object(), fc.nat(20), (object, max) => {
      const kept = scalars(prune(object, max).value);
      expect(kept).toEqual(scalars(object).slice(0, kept.length));
      if (prune(object, max).dropped > 0) expect(kept.length).toBeLessThanOrEqual(max);
    }),
  );
});
