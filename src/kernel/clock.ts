/** Time as a value that tests can replace. Milliseconds. */
export interface Clock {
  /** Wall clock, ms since the epoch. */
  now(): number;
  /** Monotonic, ms from an arbitrary start; for durations. */
  monotonic(): number;
  /** Runs `callback` once after `ms`; the timer never keeps the process alive. Returns a canceller. */
  after(ms: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
