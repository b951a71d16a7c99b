import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapStrings } from './map-strings.ts';

const upper = { text: (text: string) => text.toUpperCase() };

describe('mapStrings', () => {
  it('changes strings wherever they stand and leaves all else', () => {
    expect(mapStrings({ a: 'x', list: ['y', 1, null, { b: 'z' }], n: 2 }, upper)).toEqual({
      a: 'X',
      list: ['Y', 1, null, { b: 'Z' }],
      n: 2,
    });
  });

  it('hands back what has nothing to change, part by part', () => {
    const value = { same: { list: ['A', { b: 'B' }] }, other: ['c'] };
    const made = mapStrings(value, upper);
    expect(made.same).toBe(value.same);
    expect(made.other).toEqual(['C']);
    expect(value.other).toEqual(['c']);
    expect(mapStrings(value.same, upper)).toBe(value.same);
  });

  it('changes names of fields only where it is told how, and keeps their order', () => {
    expect(JSON.stringify(mapStrings({ a: 1, b: 'x', c: 2 }, upper))).toBe('{"a":1,"b":"X","c":2}');
    expect(JSON.stringify(mapStrings({ a: 1, b: 'x', c: 2 }, { ...upper, key: (name) => `${name}${name}` }))).toBe(
      '{"aa":1,"bb":"X","cc":2}',
    );
  });

  it('keeps a field named __proto__ a field', () => {
    const made = mapStrings(JSON.parse('{"__proto__": "x", "a": "y"}'), upper);
    expect(JSON.stringify(made)).toBe('{"__proto__":"X","a":"Y"}');
  });

  it('equals changing every string while a JSON text is read', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const expected: unknown = JSON.parse(text, (_, item) => (typeof item === 'string' ? item.toUpperCase() : item));
        expect(JSON.stringify(mapStrings(JSON.parse(text), upper))).toBe(JSON.stringify(expected));
      }),
    );
  });
});
