import { expect, test } from 'vitest';
import { createClock } from '../../../sandbox/clock.ts';
import { settle } from '../../../test/support/scripted-sync.ts';
import { createRequestBudget } from './request-budget.ts';

const { signal } = new AbortController();

test('spends its requests and then no more, and says that something was wanted', async () => {
  const budget = createRequestBudget(createClock('still'), { requests: 2, objects: 10, burst: 20 });
  const results = await Promise.all([1, 2, 3].map((value) => budget.spend(signal, async () => value)));
  expect(results).toEqual([1, 2, undefined]);
  expect(budget.exhausted()).toBe(true);
});

test('objects count too', async () => {
  const budget = createRequestBudget(createClock('still'), { requests: 5, objects: 10, burst: 20 });
  budget.took(10);
  expect(budget.objectsLeft()).toBe(0);
  expect(await budget.spend(signal, async () => 1)).toBeUndefined();
});

test('twenty at once, then twenty a second, and a failure gives its place back', async () => {
  const clock = createClock('still');
  const budget = createRequestBudget(clock, { requests: 100, objects: 10, burst: 20 });
  let done = 0;
  const work = Array.from({ length: 30 }, (_, index) =>
    budget
      .spend(signal, async () => {
        done += 1;
        if (index === 0) throw new Error('refused');
      })
      .catch(() => {}),
  );
  await settle();
  expect(done).toBe(20);
  for (let turn = 0; turn < 10; turn++) {
    clock.advance(100);
    await settle();
  }
  expect(done).toBe(30);
  await Promise.all(work);
});
