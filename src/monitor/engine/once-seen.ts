import type { Anomaly, Finding, Severity } from '../types.ts';

/** What may pass by itself is a hint, however grave it would be if it lasted. */
const HINT: Severity = 2;

export const NOT_KNOWN_TO_LAST = 'seen once, and nothing says since when: not known to last';

/** In a graph that was read once nothing is seen to last: what has no time of its own would never count. */
export function onceSeen(waiting: readonly Finding[]): readonly Finding[] {
  return waiting.map((finding) => ({ ...finding, severity: finding.severity < HINT ? finding.severity : HINT }));
}

/** Says so of those that rest on nothing else. */
export function markOnceSeen(anomalies: readonly Anomaly[], hints: readonly Finding[]): readonly Anomaly[] {
  const ids = new Set(hints.map(({ id }) => id));
  return anomalies.map((anomaly) =>
    anomaly.findings.every((id) => ids.has(id))
      ? { ...anomaly, evidence: [...anomaly.evidence, NOT_KNOWN_TO_LAST] }
      : anomaly,
  );
}
