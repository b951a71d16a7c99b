import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

test('four big lists at a time; a fifth comes when one ends, and whoever leaves the queue loses nothing', async () => {
  const turn = createTurns().of('Pod', undefined);
  const { signal } = new AbortController();
  const held = await Promise.all([turn(signal), turn(signal), turn(signal), turn(signal)]);
  const leaving = new AbortController();
  const gone = turn(leaving.signal);
  let fifth = false;
  const waiting = turn(signal).then((release) => {
    fifth = true;
    return release;
  });
  leaving.abort();
  await expect(gone).rejects.toMatchObject({ code: 'cancelled' });
  expect(fifth).toBe(false);
  held[0]?.();
  held[0]?.();
  (await waiting)();
  expect(fifth).toBe(true);
});

test('small lists do not wait for big ones', async () => {
  const turns = createTurns();
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 4 }, () => turns.of('Pod', undefined)(signal)));
  await expect(turns.of('Node', undefined)(signal)).resolves.toBeTypeOf('function');
  await expect(turns.of('Pod', 10)(signal)).resolves.toBeTypeOf('function');
});
