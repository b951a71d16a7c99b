import { describe, expect, it } from 'vitest';
import { sameData } from './same-data.ts';

describe('plain data', () => {
  it('is the same where all of it is', () => {
    const data = () => ({
      ready: 'True',
      taints: [{ key: 'a', since: 5 }],
      limits: { cpu: Number.NaN },
      last: undefined,
    });
    expect(sameData(data(), data())).toBe(true);
    expect(sameData(undefined, undefined)).toBe(true);
  });

  it('is the same where it is of one class and keeps all in its own fields', () => {
    class Kept {
      readonly at: number;
      constructor(at: number) {
        this.at = at;
      }
    }
    expect(sameData(new Kept(1), new Kept(1))).toBe(true);
    expect(sameData(new Kept(1), new Kept(2))).toBe(false);
    expect(sameData(new Kept(1), { at: 1 })).toBe(false);
    expect(sameData({ at: 1 }, new Kept(1))).toBe(false);
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
  ])('is other data where something differs, or may: %j and %j', (a, b) => {
    expect(sameData(a, b)).toBe(false);
    expect(sameData(b, a)).toBe(false);
  });
});
