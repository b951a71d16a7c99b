import type { Found } from '../types.ts';

/**
 * A detector that reads the time and does not say when to look again is asked again after so long where it found something, ms; what has been
 * wrong for longer less often, after a fortieth of that time: what is said of its age is as exact.
 */
const RECHECK_MS = 15_000;
const RECHECK_AT_MOST_MS = 60_000;
const RECHECK_SHARE = 40;

/** By the youngest of what was found. */
export function recheckAfter(found: readonly Found[], now: number): number {
  const since = found.reduce((latest, one) => Math.max(latest, one.since ?? now), 0);
  return Math.min(RECHECK_AT_MOST_MS, Math.max(RECHECK_MS, (now - since) / RECHECK_SHARE));
}
