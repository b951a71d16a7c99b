import type { Clock } from '../kernel/clock.ts';
import type { Transport, TransportResponse } from './transport/types.ts';

/** A transport that knows whether it is in use, so that it can be closed without cutting a call off. */
export interface TrackedTransport {
  transport: Transport;
  /** Requests whose answer is not yet read to its end. */
  inFlight(): number;
  /** When a request last began or ended, monotonic ms. */
  lastActive(): number;
}

export function trackTransport(inner: Transport, clock: Clock): TrackedTransport {
  let inFlight = 0;
  let lastActive = clock.monotonic();
  const begin = () => {
    inFlight++;
    lastActive = clock.monotonic();
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      inFlight--;
      lastActive = clock.monotonic();
    };
  };
  const whole = async <T>(work: () => Promise<T>): Promise<T> => {
    const end = begin();
    return work().finally(end);
  };
  /** For work that goes on after its promise: until `end` is called, or the call is over that never read its answer. */
  const open = async <T>(signal: AbortSignal, work: (end: () => void) => Promise<T>): Promise<T> => {
    const ended = begin();
    const end = () => {
      signal.removeEventListener('abort', end);
      ended();
    };
    signal.addEventListener('abort', end, { once: true });
    try {
      return await work(end);
    } catch (thrown) {
      end();
      throw thrown;
    }
  };
  return {
    inFlight: () => inFlight,
    lastActive: () => lastActive,
    transport: {
      send: (request) => open(request.signal, async (end) => watched(await inner.send(request), end)),
      upgrade: (request) =>
        open(request.signal, async (end) => {
          const outcome = await inner.upgrade(request);
          if (outcome.kind === 'refused') return { ...outcome, response: watched(outcome.response, end) };
          outcome.stream.once('close', end);
          return outcome;
        }),
      text: (request) => whole(() => inner.text(request)),
      json: (request) => whole(() => inner.json(request)),
      close: () => inner.close(),
    },
  };
}

function watched(response: TransportResponse, end: () => void): TransportResponse {
  const body: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]() {
      const iterator = response.body[Symbol.asyncIterator]();
      return {
        async next() {
          try {
            const step = await iterator.next();
            if (step.done) end();
            return step;
          } catch (thrown) {
            end();
            throw thrown;
          }
        },
        async return() {
          end();
          await iterator.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
  return { ...response, body };
}
