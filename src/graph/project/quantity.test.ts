import { expect, it } from 'vitest';
import { quantity } from './quantity.ts';
import { text, time } from './read.ts';

it.each([
  ['250m', 0.25],
  ['2', 2],
  [3, 3],
  ['1.5Gi', 1_610_612_736],
  ['100k', 100_000],
  ['1e3', 1_000],
  ['5E', 5e18],
  ['1E2', 100],
  ['-1Ki', -1_024],
  ['', 0],
  ['many', 0],
  ['1.2.3', 0],
  [null, 0],
  ['9'.repeat(50), 0],
])('reads the quantity %s as %d', (value, expected) => expect(quantity(value)).toBeCloseTo(expected, 9));

it.each([
  ['2026-11-22T10:00:05Z', 1795341605000],
  ['2026-11-22T10:00:05.250000Z', 1795341605250],
  ['2026-11-22T12:00:05+02:00', 1795341605000],
  ['yesterday', 0],
  [undefined, 0],
])('reads the time %s as %d', (value, expected) => expect(time(value)).toBe(expected));

it('cuts texts to 300 characters', () => expect(text('x'.repeat(1_000))).toHaveLength(300));
