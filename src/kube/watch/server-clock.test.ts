import { expect, test } from 'vitest';
import { createClock } from '../../../sandbox/clock.ts';
import { createServerClock, isSignOfLife } from './server-clock.ts';

test('silence counts from the last sign of life, whatever the Date of answers says', () => {
  const clock = createClock('still');
  const server = createServerClock(clock);
  expect(server.silence()).toBe(Number.POSITIVE_INFINITY);
  server.lives();
  clock.advance(3_000);
  server.hear({ date: new Date(clock.now()).toUTCString() });
  expect([server.age(), server.silence()]).toEqual([0, 3_000]);
  server.lives();
  expect(server.silence()).toBe(0);
});

test('what a load balancer says of a dead server is no sign of its life', () => {
  expect([200, 403, 404, 410, 429].every(isSignOfLife)).toBe(true);
  expect([500, 502, 503, 504].some(isSignOfLife)).toBe(false);
});
