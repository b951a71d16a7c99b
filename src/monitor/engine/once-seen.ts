import type { Anomaly, Finding, Severity } from '../types.ts';

/** What may pass by itself is a hint, however grave it would be if it lasted. */
const HINT: Severity = 2;

const NOT_KNOWN_TO_LAST = 'seen once, and nothing says since when: not known to last';

/**
 * In a graph that was read once nothing is seen to last: what has no time of its own (`hints`) would never count. It is told as the
 * cause of what counts, and else as a hint.
 */
export function weighed(
  anomalies: readonly Anomaly[],
  counted: readonly Finding[],
  hints: readonly Finding[],
): readonly Anomaly[] {
  if (hints.length === 0) return anomalies;
  const severities = new Map(counted.map(({ id, severity }) => [id, severity] as const));
  return anomalies.map((anomaly) => withoutHints(anomaly, severities)).sort((a, b) => b.score - a.score);
}

function withoutHints(anomaly: Anomaly, counted: ReadonlyMap<string, Severity>): Anomaly {
  const known = anomaly.findings.flatMap((id) => counted.get(id) ?? []);
  const [most = HINT] = [HINT, ...known].sort((a, b) => b - a);
  const evidence = known.length > 0 ? anomaly.evidence : [...anomaly.evidence, NOT_KNOWN_TO_LAST];
  if (anomaly.severity <= most) return { ...anomaly, evidence };
  // Scores go by its square.
  return { ...anomaly, evidence, severity: most, score: anomaly.score * (most / anomaly.severity) ** 2 };
}
