import { describe, expect, it } from 'vitest';
import { Uids } from './uids.ts';

const REAL = '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9';
const ODD = ['kind-of-mine', '0A1B2C3D-4e5f-6071-8293-a4b5c6d7e8f9', REAL.replaceAll('-', '_'), ''];

describe('uids', () => {
  it('come back as they were put, however they are written, also where another was before', () => {
    const uids = new Uids();
    uids.reserve(4);
    for (const uid of [REAL, ...ODD, REAL]) {
      uids.set(2, uid);
      expect(uids.get(2)).toBe(uid);
      expect([REAL, ...ODD].filter((other) => uids.has(2, other))).toEqual([uid]);
      expect(uids.hashAt(2)).toBe(uids.hash(uid));
    }
  });

  it('are compared with those of other ids', () => {
    const [one, other] = [new Uids(), new Uids()];
    one.reserve(2);
    other.reserve(2);
    for (const uid of [REAL, ...ODD])
      for (const another of [REAL, ...ODD]) {
        one.set(0, uid);
        other.set(1, another);
        expect(one.same(0, other, 1)).toBe(uid === another);
      }
  });
});
