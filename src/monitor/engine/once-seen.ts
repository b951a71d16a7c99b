import type { Finding, Severity } from '../types.ts';

/** What may pass by itself is a hint, however grave it would be if it lasted. */
const HINT: Severity = 2;
/** A finding has at most five facts. */
const FACTS = 4;

export const NOT_KNOWN_TO_LAST = 'seen once, and nothing says since when: not known to last';

/** In a graph that was read once nothing is seen to last: what has no time of its own would never count. */
export function onceSeen(waiting: readonly Finding[]): readonly Finding[] {
  return waiting.map((finding) => ({
    ...finding,
    severity: finding.severity < HINT ? finding.severity : HINT,
    evidence: [...finding.evidence.slice(0, FACTS), NOT_KNOWN_TO_LAST],
  }));
}
