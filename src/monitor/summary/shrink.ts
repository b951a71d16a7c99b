import { cutBytes, jsonBytes } from './fit.ts';
import type { AnomalyLine, ShrunkSummary, TypedSummary } from './types.ts';

type Step = (summary: TypedSummary) => TypedSummary;

/** Fields that are given up one after the other until a summary has few enough bytes as JSON; what hurts goes last. */
const STEPS: readonly Step[] = [
  (summary) => ({ ...summary, hygiene: { ...summary.hygiene, by_detector: summary.hygiene.by_detector.slice(0, 3) } }),
  (summary) => ({ ...summary, ...fewerNamespaces(summary, 5), closed: summary.closed.slice(0, 3) }),
  (summary) => ({ ...summary, cluster_stats: fewerKinds(summary, 10), coverage: fewerNamed(summary, 3) }),
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
  (summary) => ({ ...summary, cluster_stats: fewerKinds(summary, 0), closed: [], coverage: fewerNamed(summary, 0) }),
  (summary) => ({ ...summary, ...fewerAnomalies(summary, 2) }),
  (summary) => ({ ...summary, gaps: { ...summary.gaps, kinds: summary.gaps.kinds.slice(0, 3) } }),
  (summary) => ({
    ...summary,
    key_metrics: {},
    anomalies: summary.anomalies.map((one) => ({ ...one, evidence: [], symptoms: [] })),
  }),
];

/** UTF-8 bytes of texts where next to nothing fits. */
const SHORT_MESSAGE = 80;
const SHORT_TITLE = 80;

/** Where even that is too much: the verdict with the worst anomaly, and the verdict alone. */
const LAST_STEPS: readonly ((summary: TypedSummary) => ShrunkSummary)[] = [
  (summary) => ({
    ...bare(summary),
    severity_breakdown: summary.severity_breakdown,
    gaps: { ...summary.gaps, kinds: [] },
  }),
  bare,
  (summary) => ({ ...bare(summary), anomalies: [] }),
];

/** The summary with no more bytes than it may have as JSON, as far as the verdict alone has no more. */
export function shrink(summary: TypedSummary, bytes: number): ShrunkSummary {
  const size = sizes();
  let shrunk = summary;
  for (const step of STEPS) {
    if (size(shrunk) <= bytes) return shrunk;
    shrunk = step(shrunk);
  }
  if (size(shrunk) <= bytes) return shrunk;
  const last = LAST_STEPS.map((step) => step(shrunk));
  return last.find((one) => size(one) <= bytes) ?? bareVerdict(shrunk);
}

/** The smallest that there is. */
export const bareVerdict = (summary: TypedSummary): ShrunkSummary => ({ ...bare(summary), anomalies: [] });

function bare({ scope, timestamp, health_status: { overall, message }, ...summary }: TypedSummary): ShrunkSummary {
  const { as_of, source, synced } = summary.coverage;
  return {
    scope,
    timestamp,
    health_status: { overall, message: cutBytes(message, SHORT_MESSAGE) },
    anomalies: summary.anomalies.slice(0, 1).map(brief),
    cluster_stats: {},
    key_metrics: {},
    coverage: { as_of, source, synced },
  };
}

const brief = ({ root, severity, title }: AnomalyLine) => ({
  root,
  severity,
  title: cutBytes(title, SHORT_TITLE),
});

/** Bytes of objects as JSON. A step changes few fields: the others are not written again to be counted. */
function sizes(): (fields: object) => number {
  const known = new Map<unknown, number>();
  const field = ([name, value]: [string, unknown]): number => {
    if (value === undefined) return 0;
    const json = known.get(value) ?? jsonBytes(value);
    known.set(value, json);
    // With the quotes of its name, the colon and the comma.
    return jsonBytes(name) + json + 2;
  };
  // Two braces, and one comma less than fields.
  return (fields) => Object.entries(fields).reduce((sum, entry) => sum + field(entry), 1);
}

function fewerAnomalies(
  { anomalies, anomalies_left: left }: TypedSummary,
  most: number,
): Pick<TypedSummary, 'anomalies' | 'anomalies_left'> {
  const cut = Math.max(0, anomalies.length - most);
  return { anomalies: anomalies.slice(0, most), anomalies_left: { ...left, more: left.more + cut } };
}

function fewerNamespaces(
  summary: TypedSummary,
  most: number,
): Pick<TypedSummary, 'namespace_breakdown' | 'namespaces_left'> {
  const { namespace_breakdown: all, namespaces_left: left } = summary;
  return { namespace_breakdown: all.slice(0, most), namespaces_left: left + Math.max(0, all.length - most) };
}

function fewerKinds({ cluster_stats: stats }: TypedSummary, most: number): TypedSummary['cluster_stats'] {
  return { ...stats, resource_counts: Object.fromEntries(Object.entries(stats.resource_counts).slice(0, most)) };
}

/** What is not named any more stays counted. */
function fewerNamed({ coverage }: TypedSummary, most: number): TypedSummary['coverage'] {
  return {
    ...coverage,
    syncing: coverage.syncing.slice(0, most),
    forbidden: coverage.forbidden.slice(0, most),
    stale: coverage.stale.slice(0, most),
    left: coverage.left.slice(0, most),
    namespaces: coverage.namespaces?.slice(0, most),
    notes: coverage.notes.slice(0, most),
  };
}
