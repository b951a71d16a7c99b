import { expect, test } from 'vitest';
import { createClockCheck } from './clock-check.ts';

const { signal } = new AbortController();

function checked(age: number) {
  const answers: (() => void)[] = [];
  const check = createClockCheck({ age: () => age }, () => new Promise((resolve) => void answers.push(resolve)));
  return { check, answers };
}

test('a clock that was heard just now is not asked', async () => {
  const { check, answers } = checked(2_000);
  await check(signal);
  expect(answers).toHaveLength(0);
});

test('an ageing one is asked on the side, once for all who want to know', async () => {
  const { check, answers } = checked(3_000);
  await Promise.all([check(signal), check(signal)]);
  expect(answers).toHaveLength(1);
});

test('an old one is waited for', async () => {
  const { check, answers } = checked(6_000);
  let done = false;
  const waiting = check(signal).then(() => {
    done = true;
  });
  await new Promise(setImmediate);
  expect(done).toBe(false);
  for (const answer of answers) answer();
  await waiting;
});

test('whoever waits goes on without an answer, when it takes too long, fails or they are called off', async () => {
  await checked(6_000).check(signal);
  await createClockCheck({ age: () => 6_000 }, () => Promise.reject(new Error('refused')))(signal);
  await checked(6_000).check(AbortSignal.abort());
});
