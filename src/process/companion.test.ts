import { expect, test } from 'vitest';
import { CompanionFailed, startCompanion } from './companion.ts';

const run = (code: string, readyWithinMs = 20_000) => {
  const messages: string[] = [];
  const started = startCompanion({
    file: process.execPath,
    args: ['-e', code],
    env: {},
    readyWithinMs,
    onMessage: (line) => messages.push(line),
  });
  return { started, messages };
};

test('is ready with its first line and ends when its stdin closes', async () => {
  const { started, messages } = run(
    `console.error('coming up'); console.log('ready here'); process.stdin.resume().on('end', () => process.exit(0))`,
  );
  const companion = await started;
  expect(companion.ready).toBe('ready here');
  await companion.stop();
  expect(await companion.ended).toBe(0);
  expect(messages).toEqual(['coming up']);
});

test('one that ignores its closed stdin is told to end by a signal', async () => {
  const { started } = run(`console.log('up'); setInterval(() => {}, 1000)`);
  const companion = await started;
  await companion.stop();
  expect(await companion.ended).toBe(null);
});

test('one that ends before it is ready is an error with its own last words', async () => {
  const { started } = run(`console.error('port 5 is in use'); process.exit(3)`);
  await expect(started).rejects.toThrow(new CompanionFailed('port 5 is in use'));
});

test('one that says nothing in time is ended', async () => {
  const { started } = run(`setInterval(() => {}, 1000)`, 200);
  await expect(started).rejects.toThrow('it was ended before it was ready');
});

test('a program that does not exist is said so', async () => {
  const started = startCompanion({
    file: '/no/such/program',
    args: [],
    env: {},
    readyWithinMs: 1000,
    onMessage: () => undefined,
  });
  await expect(started).rejects.toThrow('/no/such/program could not be started (ENOENT)');
});
