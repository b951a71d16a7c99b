/** How far the server's clock is from ours, by the Date of its answers. */
import type { Clock } from '../../kernel/clock.ts';

export interface ServerClock {
  /** Server's Date minus ours, ms; 0 before the first answer. */
  offset(): number;
  /** How long ago the last Date was heard, ms; Infinity before the first. */
  age(): number;
  hear(headers: Readonly<Record<string, string>>): void;
}

/** ms: a Date header is cut to whole seconds, so that on average the server's clock is this much further. */
const HALF_A_SECOND = 500;

export function createServerClock(clock: Clock): ServerClock {
  let offset = 0;
  let heardAt = Number.NEGATIVE_INFINITY;
  return {
    offset: () => offset,
    age: () => clock.monotonic() - heardAt,
    hear(headers) {
      const date = Date.parse(headers['date'] ?? '');
      if (Number.isNaN(date)) return;
      offset = date + HALF_A_SECOND - clock.now();
      heardAt = clock.monotonic();
    },
  };
}
