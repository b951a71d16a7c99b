import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isTurnOver, nextTurn } from './turns.ts';

// Time goes on by hand: a busy machine takes this process aside for longer than a turn may last.
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

test('a turn is over once one of all that work in it has used it up', async () => {
  await nextTurn();
  expect(isTurnOver()).toBe(false);
  vi.advanceTimersByTime(6);
  expect(isTurnOver()).toBe(true);
  await nextTurn();
  expect(isTurnOver()).toBe(false);
});

test('those who wait go on one a turn, in the order in which they came', async () => {
  const order: string[] = [];
  const worker = async (name: string): Promise<void> => {
    for (let round = 0; round < 2; round++) {
      await nextTurn();
      order.push(name);
    }
  };
  const turns = (async () => {
    for (let turn = 0; turn < 4; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      order.push('turn');
    }
  })();
  await Promise.all([worker('a'), worker('b'), turns]);
  expect(order.filter((name) => name !== 'turn')).toEqual(['a', 'b', 'a', 'b']);
  expect(order.join(' ')).not.toMatch(/[ab] [ab] [ab]/);
});
