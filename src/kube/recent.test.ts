import { expect, test } from 'vitest';
import type { Clock } from '../kernel/clock.ts';
import { createRecent } from './recent.ts';

function manual() {
  let now = 0;
  let timer: { at: number; callback: () => void } | undefined;
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    after(ms, callback) {
      timer = { at: now + ms, callback };
      return () => {
        timer = undefined;
      };
    },
  };
  const advance = (ms: number) => {
    now += ms;
    const due = timer;
    if (due === undefined || due.at > now) return;
    timer = undefined;
    due.callback();
  };
  return { clock, advance, waits: () => timer !== undefined };
}

test('what weighs too much together is dropped, the least recently used first', () => {
  const recent = createRecent<string>({ maxWeight: 10, idleMs: 1000, clock: manual().clock });
  recent.set('a', 'A', 4);
  recent.set('b', 'B', 4);
  expect(recent.get('a')).toBe('A');
  recent.set('c', 'C', 4);
  expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual(['A', undefined, 'C']);
  recent.set('d', 'D', 11);
  expect([recent.get('a'), recent.get('c'), recent.get('d')]).toEqual([undefined, undefined, undefined]);
});

test('a value set again has its new weight only', () => {
  const recent = createRecent<string>({ maxWeight: 10, idleMs: 1000, clock: manual().clock });
  recent.set('b', 'B', 2);
  for (let i = 0; i < 5; i++) recent.set('a', 'A', 8);
  expect(recent.get('b')).toBe('B');
});

test('what is not used is dropped in time, and nothing kept means no timer', () => {
  const { clock, advance, waits } = manual();
  const recent = createRecent<string>({ maxWeight: 10, idleMs: 1000, clock });
  recent.set('a', 'A', 1);
  recent.set('b', 'B', 1);
  advance(600);
  expect(recent.get('a')).toBe('A');
  advance(600);
  expect([recent.get('b'), recent.get('a')]).toEqual([undefined, 'A']);
  advance(1000);
  advance(1000);
  expect(recent.get('a')).toBeUndefined();
  expect(waits()).toBe(false);
});
