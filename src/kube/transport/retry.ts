/** When a request is sent again, and after how long. */
import { abortReason } from '../../kernel/async.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ApiRequest } from '../../kernel/vocabulary.ts';

/** Repeats after 429 and 503. */
export const MAX_THROTTLE_RETRIES = 3;
/** Seconds. A longer wait is the caller's decision. */
const MAX_WAIT = 10;
/** Seconds, for a 429 that names no wait; client-go uses the same. */
const DEFAULT_WAIT = 1;
/** Of the wait, added at random, so that callers who were refused together do not come back together. */
const JITTER = 0.2;

/** Whole seconds of a Retry-After header. The HTTP-date form is ignored: API servers never send it. */
export function retryAfterSeconds(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header.trim()) ? Number(header) : undefined;
}

/**
 * Milliseconds to wait before the request may be repeated; undefined when it must not be.
 * A 429 was not carried out, whatever the verb; a 503 with Retry-After neither. A 429 to an eviction is a disruption budget's answer, not load.
 */
export function throttleDelay(
  status: number,
  retryAfter: string | undefined,
  api: ApiRequest,
  random: () => number,
): number | undefined {
  const asked = retryAfterSeconds(retryAfter);
  if (status !== 429 && !(status === 503 && asked !== undefined)) return undefined;
  if (api.type === 'resource' && api.subresource === 'eviction') return undefined;
  return Math.min(asked ?? DEFAULT_WAIT, MAX_WAIT) * 1000 * (1 + JITTER * random());
}

/** Resolves after `ms`, or rejects at once when the signal aborts. */
export function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.reject(abortReason(signal));
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      cancel();
      reject(abortReason(signal));
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
