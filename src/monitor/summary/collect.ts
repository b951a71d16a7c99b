import type { Coverage } from '../../graph/access.ts';
import type { Counts, GraphView, KindKey } from '../../graph/types.ts';
import { mostFirst } from '../../kernel/counts.ts';
import { keyOf, spoken } from '../causes/names.ts';
import type { Anomaly, Finding, Known, ObjectName } from '../types.ts';
import { closedOf } from './closed.ts';
import { gapsOf, isBlinding } from './gaps.ts';
import { KEY_KINDS } from './key-kinds.ts';
import type { AnomalyLine, HealthCounts, Scope, Summary } from './types.ts';
import { verdictOn } from './verdict.ts';

/** Told at most; more are counted. */
const ANOMALIES = 25;
const NAMESPACES = 20;
const HYGIENE = 10;
const EXAMPLES = 2;
const GAPS = 20;
/** Detection is said to be older than the answer from this difference on, ms. */
const OLD_MS = 500;

export interface SummaryQuestion {
  scope: Scope;
  detailed: boolean;
  namespace: string | undefined;
  /** Anomalies of less are counted, not told. */
  threshold: Anomaly['severity'];
  /** The caller named no threshold: where nothing reaches it, the lesser ones are told rather than nothing. */
  lenient: boolean;
  /** Kinds to list; empty: all. The verdict is of all there is. */
  kinds: readonly KindKey[];
}

/** Made of counters and of what is wrong: what it takes does not grow with the cluster. */
export function summarise(
  question: SummaryQuestion,
  on: { view: GraphView; known: Known; coverage: Coverage; now: number },
): Summary {
  const { scope, detailed, namespace, threshold, lenient, kinds } = question;
  const { view, known, coverage, now } = on;
  const { anomalies: all, ready, closed, findings } = known;
  const here = namespace === undefined ? all : all.filter((anomaly) => isIn(anomaly, namespace));
  const asked = kinds.length === 0 ? here : here.filter((anomaly) => isAbout(anomaly, kinds));
  const reaching = asked.filter(({ severity }) => severity >= threshold);
  const told = reaching.length === 0 && lenient ? asked : reaching;
  const gaps = gapsOf(known.needs, view, namespace);
  return {
    scope,
    detailed,
    namespace,
    timestamp: new Date(now).toISOString(),
    health_status: verdictOn({
      anomalies: here,
      ready,
      gaps,
      blind: gaps.some((gap) => isBlinding(gap, namespace)),
      unwell: unwellPods(view, namespace),
    }),
    gaps: { total: gaps.length, kinds: gaps.slice(0, GAPS) },
    anomalies: told.slice(0, ANOMALIES).map((anomaly) => lineOf(anomaly, detailed)),
    anomalies_left: {
      below_threshold: asked.length - told.length,
      more: Math.max(0, told.length - ANOMALIES),
      ...(asked.length === here.length ? {} : { of_other_kinds: here.length - asked.length }),
    },
    severity_breakdown: {
      critical: countOf(here, 4),
      warning: countOf(here, 3),
      info: countOf(here, 2) + countOf(here, 1),
    },
    cluster_stats: statsOf(view, namespace, kinds),
    key_metrics: metricsOf(view, namespace),
    ...breakdownOf(view, namespace, here),
    hygiene: hygieneOf(findings, namespace),
    closed: closedOf(closed),
    ...(now - known.asOf < OLD_MS ? {} : { detection_as_of: new Date(known.asOf).toISOString() }),
    coverage,
  };
}

const countOf = (anomalies: readonly Anomaly[], level: number) =>
  anomalies.filter(({ severity }) => severity === level).length;

const objectsOf = ({ root, objects }: Anomaly) => [root, ...objects];

const isIn = (anomaly: Anomaly, namespace: string): boolean =>
  objectsOf(anomaly).some((object) => object.namespace === namespace || isItself(object, namespace));

const isAbout = (anomaly: Anomaly, kinds: readonly KindKey[]): boolean =>
  objectsOf(anomaly).some(({ kind }) => kinds.includes(kind));

const isItself = (object: { kind: KindKey; name: string }, namespace: string) =>
  object.kind === 'Namespace' && object.name === namespace;

function unwellPods(view: GraphView, namespace: string | undefined): number {
  const { failed, warning } = view.count('Pod', namespace).byHealth;
  return failed + warning;
}

function lineOf(anomaly: Anomaly, detailed: boolean): AnomalyLine {
  const { root, severity, title, evidence, advice, since, score, blast, symptoms } = anomaly;
  return {
    root,
    severity,
    title,
    evidence: detailed ? evidence : evidence.slice(0, 2),
    ...(advice === undefined ? {} : { advice }),
    since: new Date(since).toISOString(),
    score,
    blast,
    symptoms: symptoms.slice(0, detailed ? 8 : 3).map(({ title: symptom, count, examples }) => ({
      title: symptom,
      count,
      examples: examples.map(spoken),
    })),
  };
}

function statsOf(view: GraphView, namespace: string | undefined, kinds: readonly KindKey[]): Summary['cluster_stats'] {
  const counts = mostFirst(
    view
      .kinds()
      .map((kind) => [kind, view.count(kind, namespace).total] as const)
      .filter(([, total]) => total > 0),
  );
  return {
    total_resources: counts.reduce((sum, [, total]) => sum + total, 0),
    ...(namespace === undefined ? { total_relationships: view.totals.edges } : {}),
    resource_counts: Object.fromEntries(counts.filter(([kind]) => kinds.length === 0 || kinds.includes(kind))),
    namespaces: namespace === undefined ? view.namespaces().length : 1,
  };
}

function metricsOf(view: GraphView, namespace: string | undefined): Record<string, HealthCounts> {
  const metrics: Record<string, HealthCounts> = {};
  for (const [name, kind] of Object.entries(KEY_KINDS)) {
    const counts = view.count(kind, namespace);
    if (counts.total > 0) metrics[name] = { total: counts.total, ...counts.byHealth };
  }
  return metrics;
}

const notWell = ({ byHealth }: Counts) => byHealth.failed + byHealth.warning + byHealth.progressing + byHealth.unknown;

function breakdownOf(
  view: GraphView,
  namespace: string | undefined,
  anomalies: readonly Anomaly[],
): Pick<Summary, 'namespace_breakdown' | 'namespaces_left'> {
  if (namespace !== undefined) return { namespace_breakdown: [], namespaces_left: 0 };
  const troubled = new Map<string, number>();
  for (const anomaly of anomalies) {
    for (const name of new Set(objectsOf(anomaly).map((object) => object.namespace))) {
      troubled.set(name, (troubled.get(name) ?? 0) + 1);
    }
  }
  const lines = view
    .namespaces()
    .filter((name) => name !== '')
    .map((name) => {
      const pods = view.count('Pod', name);
      return { namespace: name, pods: pods.total, pods_not_well: notWell(pods), anomalies: troubled.get(name) ?? 0 };
    })
    .filter(({ pods, anomalies: wrong }) => pods > 0 || wrong > 0);
  lines.sort(
    (a, b) =>
      b.anomalies - a.anomalies ||
      b.pods_not_well - a.pods_not_well ||
      b.pods - a.pods ||
      (a.namespace < b.namespace ? -1 : 1),
  );
  return { namespace_breakdown: lines.slice(0, NAMESPACES), namespaces_left: Math.max(0, lines.length - NAMESPACES) };
}

type Hygiene = Summary['hygiene'];

/** Of findings that nobody changes any more, by namespace; undefined: all. Of a large cluster they are tens of thousands. */
const hygienes = new WeakMap<readonly Finding[], Map<string | undefined, Hygiene>>();

/** The engine gives the same list until a finding changes: it is gone through once. */
function hygieneOf(findings: readonly Finding[], namespace: string | undefined): Hygiene {
  const known = hygienes.get(findings) ?? new Map<string | undefined, Hygiene>();
  hygienes.set(findings, known);
  const hygiene = known.get(namespace) ?? hygieneIn(findings, namespace);
  known.set(namespace, hygiene);
  return hygiene;
}

function hygieneIn(findings: readonly Finding[], namespace: string | undefined): Hygiene {
  const groups = new Map<string, { count: number; examples: Example[] }>();
  let total = 0;
  for (const { class: of, detector, title, object } of findings) {
    if (of !== 'hygiene' || (namespace !== undefined && object.namespace !== namespace)) continue;
    total++;
    const group = groups.get(detector) ?? { count: 0, examples: [] };
    groups.set(detector, group);
    group.count++;
    keepFirst(group.examples, { key: keyOf(object), object, title });
  }
  const told = [...groups].map(([detector, { count, examples }]) => ({
    detector,
    title: examples[0]?.title ?? '',
    count,
    examples: examples.map(({ object }) => spoken(object)),
  }));
  told.sort((a, b) => b.count - a.count || (a.detector < b.detector ? -1 : 1));
  return { total, by_detector: told.slice(0, HYGIENE) };
}

interface Example {
  key: string;
  object: ObjectName;
  title: string;
}

/** The first by name, in whatever order they come; of several findings of one object the first by title. */
function keepFirst(examples: Example[], one: Example): void {
  const last = examples[EXAMPLES - 1];
  if (last !== undefined && one.key > last.key) return;
  const same = examples.find(({ key }) => key === one.key);
  if (same !== undefined) {
    if (one.title < same.title) same.title = one.title;
    return;
  }
  examples.push(one);
  examples.sort((a, b) => (a.key < b.key ? -1 : 1));
  examples.length = Math.min(examples.length, EXAMPLES);
}
