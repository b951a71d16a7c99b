/** What one live reading may ask of a cluster. */
import { abortReason } from '../../kernel/async.ts';
import type { Clock } from '../../kernel/clock.ts';
import { pause } from './pause.ts';

export interface RequestBudget {
  /** Runs `work` when it is its turn; undefined where nothing is left to spend. */
  spend<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined>;
  /** Objects that may still come. */
  objectsLeft(): number;
  took(objects: number): void;
  readonly spent: { requests: number; objects: number };
  /** Something was wanted and not asked for. */
  exhausted(): boolean;
}

export interface BudgetLimits {
  requests: number;
  objects: number;
  /** Requests without a pause; the others are 20 a second. */
  burst: number;
}

/**
 * A small cluster with some dozens of custom kinds is read whole by so many requests. One without kinds of its
 * own has about 60, and somebody waits for the answer: kubectl's burst is 300.
 */
export const LIVE_LIMITS: BudgetLimits = { requests: 100, objects: 3_000, burst: 60 };

/** client-go's QPS. */
const PER_SECOND = 20;
const AT_ONCE = 6;

export function createRequestBudget(clock: Clock, limits: BudgetLimits = LIVE_LIMITS): RequestBudget {
  const spent = { requests: 0, objects: 0 };
  const queue: (() => void)[] = [];
  let running = 0;
  let wanted = false;
  let tokens = limits.burst;
  let filledAt = clock.monotonic();

  const takeToken = async (signal: AbortSignal): Promise<void> => {
    const now = clock.monotonic();
    tokens = Math.min(limits.burst, tokens + ((now - filledAt) / 1000) * PER_SECOND);
    filledAt = now;
    tokens -= 1;
    if (tokens < 0) await pause(clock, (-tokens / PER_SECOND) * 1000, signal);
    if (signal.aborted) throw abortReason(signal);
  };

  return {
    async spend(signal, work) {
      if (spent.requests >= limits.requests || spent.objects >= limits.objects) {
        wanted = true;
        return undefined;
      }
      spent.requests += 1;
      if (running >= AT_ONCE) await new Promise<void>((resolve) => queue.push(resolve));
      running += 1;
      try {
        await takeToken(signal);
        return await work();
      } finally {
        running -= 1;
        queue.shift()?.();
      }
    },
    objectsLeft: () => Math.max(0, limits.objects - spent.objects),
    took(objects) {
      spent.objects += objects;
    },
    spent,
    exhausted: () => wanted,
  };
}
