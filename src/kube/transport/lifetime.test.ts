import { expect, test } from 'vitest';
import { createClock } from '../../../sandbox/clock.ts';
import { startLifetime } from './lifetime.ts';

function started(idleMs = 100) {
  const clock = createClock('still');
  const caller = new AbortController();
  const life = startLifetime(caller.signal, { clock, idleMs, context: 'prod', onEnd: () => {} });
  return { clock, caller, life };
}

test('silence counts from the last bytes', () => {
  const { clock, life } = started();
  for (let chunk = 0; chunk < 5; chunk++) {
    life.awaitBytes();
    clock.advance(60);
    expect(life.signal.aborted).toBe(false);
    life.pause();
  }
  life.awaitBytes();
  clock.advance(99);
  expect(life.signal.aborted).toBe(false);
  clock.advance(1);
  expect(life.signal.reason).toMatchObject({ code: 'deadline_exceeded' });
  expect(clock.pending()).toBe(0);
});

test('chunks do not each cost a timer', () => {
  const { clock, life } = started();
  for (let chunk = 0; chunk < 100; chunk++) {
    life.awaitBytes();
    life.pause();
  }
  expect(clock.pending()).toBe(1);
});

test('a reader that takes its time is not taken for silence', () => {
  const { clock, life } = started();
  life.awaitBytes();
  life.pause();
  clock.advance(1_000);
  expect(life.signal.aborted).toBe(false);
  life.awaitBytes();
  clock.advance(100);
  expect(life.signal.aborted).toBe(true);
});

test('nothing waits after the end, in whatever state it comes', () => {
  const { clock, life, caller } = started();
  life.awaitBytes();
  caller.abort();
  life.awaitBytes();
  expect(clock.pending()).toBe(0);
  expect(life.signal.aborted).toBe(true);
});
