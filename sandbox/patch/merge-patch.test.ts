import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObject } from './json.ts';
import { applyMergePatch } from './merge-patch.ts';

describe('a merge patch', () => {
  it('merges objects, removes with null and replaces everything else', () => {
    const original = { a: { b: 1, c: 2 }, list: [1, 2], scalar: 1 };
    const patch = { a: { b: null, d: { e: null, f: 3 } }, list: [3, null], scalar: { g: null, h: [{ i: null }] } };
    expect(applyMergePatch(original, patch)).toEqual({
      a: { c: 2, d: { f: 3 } },
      list: [3, null],
      scalar: { h: [{}] },
    });
    expect(original).toEqual({ a: { b: 1, c: 2 }, list: [1, 2], scalar: 1 });
  });

  it.each([
    [[1], 'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}'],
    ['x', 'error decoding patch: json: cannot unmarshal string into Go value of type map[string]interface {}'],
    [5, 'error decoding patch: json: cannot unmarshal number into Go value of type map[string]interface {}'],
    [null, 'Invalid JSON Patch'],
  ])('that is no object is a bad request: %j', (patch, message) => {
    expect(() => applyMergePatch({}, patch)).toThrow(message);
  });

  it('to an object of its own leads there, whatever the start, as long as it holds no nulls', () => {
    const json = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5 });
    fc.assert(
      fc.property(json, json, (from, to) => {
        const target = withoutNulls(structuredClone(to)) as Record<string, unknown>;
        const patch = { ...Object.fromEntries(Object.keys(from).map((key) => [key, null])) };
        expect(applyMergePatch(applyMergePatch(from, patch), target)).toEqual(target);
      }),
    );
  });
});

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, child]) => child !== null)
      .map(([key, child]) => [key, withoutNulls(child)]),
  );
}
