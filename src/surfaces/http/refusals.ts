import type { Refusal } from './types.ts';

/** So that a flood of refused requests cannot fill the disk through the audit log. */
const REPORTS_PER_WINDOW = 20;
const WINDOW_MS = 10_000;

/** Hands refusals on, at most 20 in 10 s; the next one after that says how many were left out. */
export function createRefusals(report: (refusal: Refusal) => void, now: () => number = Date.now) {
  let windowStart = 0;
  let reported = 0;
  let suppressed = 0;
  return (refusal: Omit<Refusal, 'suppressed'>): void => {
    if (now() - windowStart >= WINDOW_MS) {
      windowStart = now();
      reported = 0;
    }
    if (reported >= REPORTS_PER_WINDOW) {
      suppressed++;
      return;
    }
    reported++;
    report({ ...refusal, path: refusal.path.slice(0, 200), suppressed });
    suppressed = 0;
  };
}
