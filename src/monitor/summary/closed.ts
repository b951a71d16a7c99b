import type { Known } from '../types.ts';
import type { Summary } from './types.ts';

/** Reasons that are told, and detectors named of each. */
const REASONS = 10;
const NAMED = 3;
/** A detector that waits for several kinds says so of one after the other; of one that failed it is the error's text, which stays whole. */
const reasonsOf = (why: string) => (why.startsWith('failed') ? [why] : why.split('; '));

/** Most detectors wait for the same few kinds: told by what is waited for. */
export function closedOf(closed: Known['closed']): Summary['closed'] {
  const waiting = new Map<string, string[]>();
  for (const { detector, why } of closed) {
    for (const reason of reasonsOf(why)) waiting.set(reason, [...(waiting.get(reason) ?? []), detector]);
  }
  return [...waiting]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, REASONS)
    .map(([why, detectors]) => ({ why, count: detectors.length, detectors: detectors.slice(0, NAMED) }));
}
