/** Time that stands still until it is moved on; between two timers all work that can be done is done. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../../kernel/clock.ts';

export interface VirtualClock extends Clock {
  /** Lets time pass, timer by timer. */
  pass(ms: number): Promise<void>;
  /** Lets all work be done that waits for no timer. */
  settle(): Promise<void>;
  timers(): number;
}

export function createVirtualClock(start = Date.UTC(2026, 0, 1)): VirtualClock {
  const timers = new Set<{ at: number; run: () => void }>();
  let now = start;

  async function settle(): Promise<void> {
    for (let turn = 0; turn < 4; turn++) await nextTurn();
  }

  return {
    now: () => now,
    monotonic: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async pass(ms) {
      const until = now + ms;
      for (;;) {
        await settle();
        const next = [...timers].sort((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > until) break;
        timers.delete(next);
        now = next.at;
        next.run();
      }
      now = until;
      await settle();
    },
    settle,
    timers: () => timers.size,
  };
}
