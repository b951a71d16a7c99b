import { bytesOf } from './fit.ts';
import type { Summary } from './types.ts';

/** Fields that are given up one after the other until a summary has few enough bytes as JSON; what hurts goes last. */
const STEPS: readonly ((summary: Summary) => Summary)[] = [
  (summary) => ({ ...summary, hygiene: { ...summary.hygiene, by_detector: summary.hygiene.by_detector.slice(0, 3) } }),
  (summary) => ({ ...summary, ...fewerNamespaces(summary, 5), closed: summary.closed.slice(0, 3) }),
  (summary) => ({ ...summary, cluster_stats: fewerKinds(summary, 10) }),
  (summary) => ({ ...summary, ...fewerAnomalies(summary, 10) }),
  (summary) => ({ ...summary, hygiene: { ...summary.hygiene, by_detector: [] }, ...fewerNamespaces(summary, 0) }),
  (summary) => ({
    ...summary,
    anomalies: summary.anomalies.map((one) => ({ ...one, evidence: one.evidence.slice(0, 1) })),
  }),
  (summary) => ({
    ...summary,
    anomalies: summary.anomalies.map((one) => ({ ...one, symptoms: one.symptoms.slice(0, 1) })),
  }),
  (summary) => ({ ...summary, ...fewerAnomalies(summary, 5) }),
  ({ performance: _performance, ...summary }) => summary,
  (summary) => ({ ...summary, cluster_stats: fewerKinds(summary, 0), closed: [] }),
  (summary) => ({ ...summary, ...fewerAnomalies(summary, 2) }),
  (summary) => ({
    ...summary,
    key_metrics: {},
    anomalies: summary.anomalies.map((one) => ({ ...one, evidence: [], symptoms: [] })),
  }),
  (summary) => ({ ...summary, ...fewerAnomalies(summary, 0) }),
];

/** The summary with no more than it takes; `coverage` of at most a few kinds each is the caller's. */
export function shrink(summary: Summary, bytes: number): Summary {
  const size = jsonBytes();
  let shrunk = summary;
  for (const step of STEPS) {
    if (size(shrunk) <= bytes) return shrunk;
    shrunk = step(shrunk);
  }
  return shrunk;
}

/** Bytes of objects as JSON. A step changes few fields: the others are not written again to be counted. */
function jsonBytes(): (fields: object) => number {
  const known = new Map<unknown, number>();
  const field = ([name, value]: [string, unknown]): number => {
    const json = known.get(value) ?? bytesOf(JSON.stringify(value) ?? '');
    known.set(value, json);
    // With the quotes of its name, the colon and the comma.
    return value === undefined ? 0 : bytesOf(name) + json + 4;
  };
  // Two braces, and one comma less than fields.
  return (fields) => Object.entries(fields).reduce((sum, entry) => sum + field(entry), 1);
}

function fewerAnomalies(
  { anomalies, anomalies_left: left }: Summary,
  most: number,
): Pick<Summary, 'anomalies' | 'anomalies_left'> {
  const cut = Math.max(0, anomalies.length - most);
  return { anomalies: anomalies.slice(0, most), anomalies_left: { ...left, more: left.more + cut } };
}

function fewerNamespaces(summary: Summary, most: number): Pick<Summary, 'namespace_breakdown' | 'namespaces_left'> {
  const { namespace_breakdown: all, namespaces_left: left } = summary;
  return { namespace_breakdown: all.slice(0, most), namespaces_left: left + Math.max(0, all.length - most) };
}

function fewerKinds({ cluster_stats: stats }: Summary, most: number): Summary['cluster_stats'] {
  return { ...stats, resource_counts: Object.fromEntries(Object.entries(stats.resource_counts).slice(0, most)) };
}
