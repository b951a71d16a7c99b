import { describe, expect, it } from 'vitest';
import { sameFacts } from './same-facts.ts';

describe('facts', () => {
  it('are the same where all of their plain data is', () => {
    const facts = () => ({
      ready: 'True',
      taints: [{ key: 'a', since: 5 }],
      limits: { cpu: Number.NaN },
      last: undefined,
    });
    expect(sameFacts(facts(), facts())).toBe(true);
    expect(sameFacts(undefined, undefined)).toBe(true);
  });

  it.each([
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { a: 1, b: undefined }],
    [{ a: undefined }, { b: undefined }],
    [{ a: [1, 2] }, { a: [1] }],
    [[], {}],
    [{ a: {} }, { a: undefined }],
    [{ a: { b: 'x' } }, { a: { b: 'y' } }],
    [new Map([['a', 1]]), new Map([['a', 1]])],
  ])('are others where something differs, or may: %j and %j', (a, b) => {
    expect(sameFacts(a, b)).toBe(false);
    expect(sameFacts(b, a)).toBe(false);
  });
});
