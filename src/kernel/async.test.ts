import { describe, expect, test } from 'vitest';
import { abortable, abortReason, createLimiter, deadlineOf, singleFlight } from './async.ts';

const never = new AbortController().signal;

describe('singleFlight', () => {
  test('overlapping calls share one run, later calls start another', async () => {
    let runs = 0;
    const once = singleFlight(async () => ++runs);
    expect(await Promise.all([once(), once(), once()])).toEqual([1, 1, 1]);
    expect(await once()).toBe(2);
  });

  test('a failure is shared and then forgotten', async () => {
    let runs = 0;
    const once = singleFlight(async () => {
      if (++runs === 1) throw new Error('first');
      return runs;
    });
    const [a, b] = await Promise.allSettled([once(), once()]);
    expect([a.status, b.status]).toEqual(['rejected', 'rejected']);
    expect(await once()).toBe(2);
  });
});

describe('abortable', () => {
  test('a time-out is deadline_exceeded, an abort is cancelled', async () => {
    const pending = new Promise(() => {});
    await expect(abortable(pending, AbortSignal.timeout(1))).rejects.toMatchObject({ code: 'deadline_exceeded' });
    await expect(abortable(pending, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    expect(abortReason(AbortSignal.abort()).code).toBe('cancelled');
  });
});

describe('limiter', () => {
  test('runs so many at once, queues so many, refuses the rest', async () => {
    const limited = createLimiter(2, 1);
    const gates: (() => void)[] = [];
    const started: number[] = [];
    const job = (id: number) =>
      limited(never, () => {
        started.push(id);
        return new Promise<number>((resolve) => gates.push(() => resolve(id)));
      });
    const [one, two, three] = [job(1), job(2), job(3)];
    await expect(job(4)).rejects.toMatchObject({ code: 'too_many_requests', detail: { retryAfterSeconds: 1 } });
    expect(started).toEqual([1, 2]);
    gates[0]!();
    expect(await one).toBe(1);
    await Promise.resolve();
    expect(started).toEqual([1, 2, 3]);
    gates[1]!();
    gates[2]!();
    expect(await Promise.all([two, three])).toEqual([2, 3]);
  });

  test('one that gives up waiting leaves the queue and frees its place', async () => {
    const limited = createLimiter(1, 1);
    let release = () => {};
    const first = limited(
      never,
      () =>
        new Promise<void>((resolve) => {
          release = resolve;
        }),
    );
    const controller = new AbortController();
    const waiting = limited(controller.signal, async () => 'ran');
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    const next = limited(never, async () => 'ran');
    release();
    await first;
    expect(await next).toBe('ran');
  });

  test('one that was cancelled before takes no place', async () => {
    const limited = createLimiter(1, 1);
    let release = () => {};
    const first = limited(
      never,
      () =>
        new Promise<void>((resolve) => {
          release = resolve;
        }),
    );
    await expect(limited(AbortSignal.abort(), async () => 'ran')).rejects.toMatchObject({ code: 'cancelled' });
    const waiting = limited(never, async () => 'waited');
    release();
    await first;
    expect(await waiting).toBe('waited');
    await expect(limited(AbortSignal.abort(), async () => 'ran')).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('deadlineOf', () => {
  const HOUR = 3_600_000;
  const aborted = (signal: AbortSignal) => new Promise((resolve) => signal.addEventListener('abort', resolve));

  test('aborts when the time is over', async () => {
    const { signal } = deadlineOf(never, 1);
    const keptAlive = setTimeout(() => {}, HOUR);
    await aborted(signal);
    clearTimeout(keptAlive);
    expect(abortReason(signal).code).toBe('deadline_exceeded');
  });

  test('aborts with who waits, then or before, for the same reason', () => {
    const controller = new AbortController();
    const { signal, met } = deadlineOf(controller.signal, HOUR);
    controller.abort(new Error('gone'));
    expect(signal.reason).toEqual(new Error('gone'));
    const late = deadlineOf(controller.signal, HOUR);
    expect(late.signal.reason).toEqual(new Error('gone'));
    met();
    late.met();
  });

  test('once it is met nothing aborts any more', async () => {
    const controller = new AbortController();
    const { signal, met } = deadlineOf(controller.signal, 1);
    met();
    controller.abort();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(signal.aborted).toBe(false);
  });
});
