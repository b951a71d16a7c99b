import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseQuantity } from '../../kernel/quantity.ts';
import { compareValues, parseDuration, sortOrder } from './values.ts';

test.each([
  ['500m', 0.5],
  ['2Gi', 2_147_483_648],
  ['1e3', 1000],
  ['1E', 1e18],
  ['1E3', 1000],
  ['.5', 0.5],
  ['-3', -3],
  ['100n', 1e-7],
  ['5 Gi', undefined],
  ['', undefined],
  ['Gi', undefined],
  ['0x10', undefined],
])('the quantity %s is %s', (text, value) => {
  expect(parseQuantity(text)).toBe(value);
});

test.each([
  ['90s', 90],
  ['1h30m', 5400],
  ['2d', 172_800],
  ['1.5h', 5400],
  ['250ms', 0.25],
  ['5', undefined],
  ['', undefined],
  ['1h x', undefined],
])('the duration %s is %s seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test('values compare by what they stand for', () => {
  expect(compareValues('900Mi', '1Gi')).toBeLessThan(0);
  expect(compareValues('5m', '60s')).toBeGreaterThan(0);
  expect(compareValues('abc', 5)).toBeUndefined();
  expect(compareValues('a', 'b')).toBeLessThan(0);
});

test('sortBy orders numbers, then text, then booleans, missing values last', () => {
  const mixed = ['b', undefined, true, '10', 9, null, 'a', '500m', false, { a: 1 }];
  expect(mixed.sort(sortOrder)).toEqual(['500m', 9, '10', 'a', 'b', false, true, { a: 1 }, null, undefined]);
});

test('parsing never throws and takes linear time on long input', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      parseQuantity(text);
      parseDuration(text);
    }),
  );
  expect(parseQuantity('9'.repeat(1_000_000))).toBeUndefined();
  expect(parseDuration('1s'.repeat(1_000_000))).toBeUndefined();
});
