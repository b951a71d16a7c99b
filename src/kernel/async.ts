import { AppError } from './errors.ts';

/** Joins calls that overlap: while one runs, later callers get its result. */
export function singleFlight<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  };
}

/** Rejects when `signal` aborts, otherwise settles as `work` does. `work` itself is not stopped. */
export function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(abortReason(signal));
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(abortReason(signal));
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** The typed error for an aborted signal: `deadline_exceeded` for a time-out, else `cancelled`. */
export function abortReason(signal: AbortSignal): AppError {
  const reason: unknown = signal.reason;
  if (reason instanceof AppError) return reason;
  if (reason instanceof Error && reason.name === 'TimeoutError') {
    return new AppError('deadline_exceeded', 'The call took longer than its deadline.', {
      remedy: 'Narrow the request (namespace, selector, limit) or raise the deadline.',
    });
  }
  return new AppError('cancelled', 'The call was cancelled.');
}

/** Time that is given to work. */
export interface Deadline {
  /** Aborts after its time, as AbortSignal.timeout does, and when the signal of whoever waits for the work does. */
  signal: AbortSignal;
  /**
   * To be said once the work is done. AbortSignal.timeout with AbortSignal.any would hold two kilobytes for as long as it was given, and
   * then make an error for nobody.
   */
  met(): void;
}

/** `ms` for work that `waiting` waits for. */
export function deadlineOf(waiting: AbortSignal, ms: number): Deadline {
  const controller = new AbortController();
  const end = (reason: unknown) => {
    met();
    controller.abort(reason);
  };
  const leave = () => end(waiting.reason);
  const timer = setTimeout(() => end(new DOMException('The time is over.', 'TimeoutError')), ms).unref();
  const met = () => {
    clearTimeout(timer);
    waiting.removeEventListener('abort', leave);
  };
  if (waiting.aborted) leave();
  else waiting.addEventListener('abort', leave);
  return { signal: controller.signal, met };
}

/** At most `size` pieces of work at once; at most `queue` wait; more are refused with `too_many_requests`. */
export function createLimiter(size: number, queue: number) {
  let active = 0;
  const waiting: (() => void)[] = [];
  const release = () => {
    const next = waiting.shift();
    if (next) next();
    else active--;
  };
  return async function limited<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    // Nobody waits for its end any more: it must not take a place from somebody who does.
    if (signal.aborted) throw abortReason(signal);
    if (active < size) active++;
    else if (waiting.length >= queue) {
      throw new AppError('too_many_requests', `${size} calls are running and ${queue} wait.`, {
        remedy: 'Wait for running calls to end, then retry.',
        retryAfterSeconds: 1,
      });
    } else await turn(waiting, signal);
    try {
      return await work();
    } finally {
      release();
    }
  };
}

function turn(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const start = () => {
      signal.removeEventListener('abort', leave);
      resolve();
    };
    const leave = () => {
      const at = waiting.indexOf(start);
      if (at >= 0) waiting.splice(at, 1);
      reject(abortReason(signal));
    };
    signal.addEventListener('abort', leave, { once: true });
    waiting.push(start);
  });
}
