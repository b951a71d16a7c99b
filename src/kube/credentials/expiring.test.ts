import { describe, expect, it } from 'vitest';
import type { Clock } from '../../kernel/clock.ts';
import { createExpiring, type Fetched } from './expiring.ts';

function setUp(fetch: (run: number, now: number) => Fetched) {
  let now = 1_000_000;
  let runs = 0;
  const clock: Clock = { now: () => now, monotonic: () => now, after: () => () => undefined };
  const ingredient = createExpiring(async () => fetch(++runs, now), clock);
  return { ingredient, runs: () => runs, advance: (ms: number) => (now += ms) };
}

const lasting = (ms: number) => (run: number, now: number) => ({
  piece: { authorization: `t${run}` },
  expiresAt: now + ms,
});

describe('createExpiring', () => {
  it('fetches 60 s ahead of expiry for long lives, after 90 % of short ones', async () => {
    for (const [life, last] of [
      [3_600_000, 3_539_999],
      [100_000, 89_999],
    ] as const) {
      const { ingredient, runs, advance } = setUp(lasting(life));
      await ingredient.current();
      advance(last);
      await ingredient.current();
      expect(runs()).toBe(1);
      advance(1);
      expect(await ingredient.current()).toEqual({ authorization: 't2' });
    }
  });

  it('keeps for ever what never expires', async () => {
    const { ingredient, runs, advance } = setUp(() => ({ piece: { authorization: 't' } }));
    await ingredient.current();
    advance(1e12);
    await ingredient.current();
    expect(runs()).toBe(1);
  });

  it('fetches anew when the wall clock was set back', async () => {
    const { ingredient, runs, advance } = setUp(lasting(3_600_000));
    await ingredient.current();
    advance(-500_000);
    await ingredient.current();
    expect(runs()).toBe(2);
  });

  it('repeats a failure for 5 s without fetching, also when asked to renew', async () => {
    const { ingredient, runs, advance } = setUp(() => {
      throw new Error('down');
    });
    await expect(ingredient.current()).rejects.toThrow('down');
    advance(4_999);
    await expect(ingredient.current()).rejects.toThrow('down');
    expect(runs()).toBe(1);
    await expect(ingredient.renew()).rejects.toThrow('down');
    await expect(ingredient.renew()).rejects.toThrow('down');
    expect(runs()).toBe(2);
    advance(5_000);
    await expect(ingredient.current()).rejects.toThrow('down');
    expect(runs()).toBe(3);
  });
});
