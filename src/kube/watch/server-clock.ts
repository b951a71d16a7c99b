/** How far the server's clock is from ours, by the Date of its answers, and how long it has been silent. */
import type { Clock } from '../../kernel/clock.ts';

export interface ServerClock {
  /** Server's Date minus ours, ms; 0 before the first answer. */
  offset(): number;
  /** How long ago the last Date was heard, ms; Infinity before the first. */
  age(): number;
  hear(headers: Readonly<Record<string, string>>): void;
  /** How long ago the server gave its last sign of life, ms: an answer, or bytes of a watch. Infinity before the first. */
  silence(): number;
  lives(): void;
}

/** From here on it may be something before the server that answers: a load balancer says 502 to 504 of a server that is dead. */
const SERVER_ERRORS = 500;

/** Whether an answer of this status shows that the server itself is there. */
export const isSignOfLife = (status: number): boolean => status < SERVER_ERRORS;

/** ms: a Date header is cut to whole seconds, so that on average the server's clock is this much further. */
const HALF_A_SECOND = 500;

export function createServerClock(clock: Clock): ServerClock {
  let offset = 0;
  let heardAt = Number.NEGATIVE_INFINITY;
  let livedAt = Number.NEGATIVE_INFINITY;
  return {
    offset: () => offset,
    age: () => clock.monotonic() - heardAt,
    hear(headers) {
      const date = Date.parse(headers['date'] ?? '');
      if (Number.isNaN(date)) return;
      offset = date + HALF_A_SECOND - clock.now();
      heardAt = clock.monotonic();
    },
    silence: () => clock.monotonic() - livedAt,
    lives() {
      livedAt = clock.monotonic();
    },
  };
}
