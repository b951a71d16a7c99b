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
  return {
    inFlight: () => inFlight,
    lastActive: () => lastActive,
    transport: {
      async send(request) {
        const ended = begin();
        const end = () => {
          request.signal.removeEventListener('abort', end);
          ended();
        };
        // An answer that its caller never reads is over when the call is.
        request.signal.addEventListener('abort', end, { once: true });
        try {
          return watched(await inner.send(request), end);
        } catch (thrown) {
          end();
          throw thrown;
        }
      },
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
