import { coverageLines } from '../../graph/queries/coverage-text.ts';
import { humanDuration } from '../../kernel/text/age.ts';
import { cleanText } from '../../kernel/text/clean.ts';
import { spoken, spokenKind } from '../causes/names.ts';
import { fitText, type Section } from './fit.ts';
import { performanceSections } from './render-performance.ts';
import type { AnomalyLine, HealthCounts, Summary } from './types.ts';

const SEVERITY_WORDS = { 4: 'critical', 3: 'warning', 2: 'minor', 1: 'hint' } as const;

const OVERALL_WORDS: Readonly<Record<Summary['health_status']['overall'], string>> = {
  healthy: 'HEALTHY',
  minor_issues: 'MINOR ISSUES',
  warning: 'WARNING',
  critical: 'CRITICAL',
  unknown: 'UNKNOWN',
};

/** A summary as text of at most `bytes` UTF-8 bytes: the verdict first, what it rests on last. Text of the cluster is cleaned. */
export function renderSummary(summary: Summary, bytes: number): string {
  const sections = sectionsOf(summary).map(
    (section): Section => ({ ...section, lines: section.lines.map((line) => cleanText(line, { maxLine: 600 })) }),
  );
  return fitText({ first: cleanText(verdict(summary)), sections, last: cleanText(coverageLine(summary)) }, bytes);
}

function verdict({
  health_status: { overall, message },
  severity_breakdown: levels,
  namespace,
  key_metrics,
}: Summary): string {
  const where = namespace === undefined ? 'cluster' : `namespace ${namespace}`;
  const counts = [
    levels.critical > 0 ? `${levels.critical} critical` : '',
    levels.warning > 0 ? `${levels.warning} warning` : '',
    levels.info > 0 ? `${levels.info} minor` : '',
  ].filter((text) => text !== '');
  const detail = counts.length === 0 ? '' : ` (${counts.join(', ')})`;
  const nodes = key_metrics['nodes'];
  const pods = key_metrics['pods'];
  const size = [
    nodes === undefined || namespace !== undefined ? '' : `${nodes.ok} of ${nodes.total} nodes ready`,
    pods === undefined ? '' : `${pods.ok + pods.done} of ${pods.total} pods well`,
  ].filter((text) => text !== '');
  return `${OVERALL_WORDS[overall]}: ${where}: ${message}${detail}${size.length === 0 ? '' : `; ${size.join(', ')}`}`;
}

function sectionsOf(summary: Summary): readonly Section[] {
  const { scope } = summary;
  const anomalies = anomalySection(summary);
  if (scope === 'anomalies') return [anomalies, levelSection(summary), hygieneSection(summary), closedSection(summary)];
  if (scope === 'resources')
    return [countSection(summary, 0), healthSection(summary), anomalies, closedSection(summary)];
  if (scope === 'performance') {
    const parts = summary.performance === undefined ? [] : performanceSections(summary.performance);
    return [...parts, anomalies, closedSection(summary)];
  }
  return [
    anomalies,
    healthSection(summary),
    namespaceSection(summary),
    countSection(summary, 4),
    ...(scope === 'health' || summary.detailed ? [hygieneSection(summary)] : []),
    closedSection(summary),
  ];
}

function anomalySection({ anomalies, anomalies_left: left, timestamp, detailed, scope }: Summary): Section {
  const now = Date.parse(timestamp);
  const lines = anomalies.flatMap((anomaly, index) => anomalyLines(anomaly, index + 1, now, detailed));
  if (left.more > 0) lines.push(`… and ${left.more} more anomalies (focus_namespace narrows it down)`);
  if (left.below_threshold > 0) {
    lines.push(
      `${left.below_threshold} lesser ${left.below_threshold === 1 ? 'one' : 'ones'} not shown (anomaly_threshold: low)`,
    );
  }
  const all = anomalies.length + left.more;
  const heading = left.more > 0 ? `Anomalies, the worst ${anomalies.length} of ${all}:` : 'Anomalies, the worst first:';
  const more = scope === 'anomalies' ? 'a larger max_size_kb' : 'scope: anomalies, or a larger max_size_kb';
  return { heading, lines, rank: 0, least: 12, more: `lines; ${more}` };
}

function anomalyLines(anomaly: AnomalyLine, rank: number, now: number, detailed: boolean): string[] {
  const { severity, title, since, blast, evidence, advice, symptoms } = anomaly;
  const reach = blast.objects === 0 ? '' : `, ${blast.objects} depend on it${entry(blast.entryPoints)}`;
  const lines = [
    `${rank}. [${SEVERITY_WORDS[severity]}] ${title} (since ${humanDuration(Math.max(0, now - Date.parse(since)))} ago, ${since}${reach})`,
  ];
  lines.push(`   object: ${spoken(anomaly.root)}`);
  for (const text of evidence.slice(0, detailed ? 5 : 2)) lines.push(`   - ${text}`);
  // One that stands in the title is not told again.
  const others = symptoms.filter((one) => one.count > 1 || !title.startsWith(`${one.examples[0]}: ${one.title} <- `));
  for (const symptom of others.slice(0, detailed ? 8 : 3)) {
    const unnamed = symptom.count - symptom.examples.length;
    const examples = `${symptom.examples.join(', ')}${unnamed > 0 ? ` and ${unnamed} more` : ''}`;
    lines.push(`   follows: ${symptom.title}: ${examples}`);
  }
  if (advice !== undefined) lines.push(`   next: ${advice}`);
  return lines;
}

const entry = (count: number) => (count === 0 ? '' : ` incl. ${count} entry ${count === 1 ? 'point' : 'points'}`);

function levelSection({ severity_breakdown: { critical, warning, info } }: Summary): Section {
  return {
    heading: '',
    lines: [`By severity: critical ${critical}, warning ${warning}, minor ${info}`],
    rank: 2,
    least: 1,
    more: '',
  };
}

function healthSection({ key_metrics: metrics }: Summary): Section {
  const lines = Object.entries(metrics).map(([name, counts]) => `${name}: ${healthText(counts)}`);
  return { heading: 'Health:', lines, rank: 1, least: 7, more: 'scope: health' };
}

function healthText({ total, ...counts }: HealthCounts): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return `${total}${parts.length === 0 ? '' : ` (${parts.map(([name, count]) => `${count} ${name}`).join(', ')})`}`;
}

function namespaceSection({ namespace_breakdown: all, namespaces_left: left }: Summary): Section {
  const lines = all.map(
    ({ namespace, pods, pods_not_well: bad, anomalies }) =>
      `${namespace}: ${pods} ${pods === 1 ? 'pod' : 'pods'}${bad > 0 ? `, ${bad} not well` : ''}${anomalies > 0 ? `, ${anomalies} ${anomalies === 1 ? 'anomaly' : 'anomalies'}` : ''}`,
  );
  if (left > 0) lines.push(`… and ${left} more (focus_namespace)`);
  return { heading: 'Namespaces, those in trouble first:', lines, rank: 3, least: 3, more: 'a larger max_size_kb' };
}

function countSection({ cluster_stats: stats }: Summary, rank: number): Section {
  const counts = Object.entries(stats.resource_counts).map(([kind, count]) => `${spokenKind(kind)} ${count}`);
  const lines: string[] = [];
  const perLine = 8;
  for (let at = 0; at < counts.length; at += perLine) lines.push(counts.slice(at, at + perLine).join(', '));
  const where = `${stats.namespaces} ${stats.namespaces === 1 ? 'namespace' : 'namespaces'}`;
  const relations = stats.total_relationships === undefined ? '' : `, ${stats.total_relationships} relations`;
  const heading = `Objects: ${stats.total_resources} in ${where}${relations}:`;
  return { heading, lines, rank, least: 2, more: 'lines; scope: resources' };
}

function hygieneSection({ hygiene }: Summary): Section {
  // The title is that of the first.
  const lines = hygiene.by_detector.map(({ detector, count, title, examples: [first, ...others] }) =>
    [`${detector}: ${count}, as ${first}: ${title}`, ...others.map((other) => `also ${other}`)].join('; '),
  );
  return {
    heading: `Hygiene, nothing that hurts now: ${hygiene.total}`,
    lines,
    rank: 5,
    least: 1,
    more: 'scope: anomalies',
  };
}

function closedSection({ closed }: Summary): Section {
  const lines = closed.map(({ detector, why }) => `${detector}: ${why}`);
  return { heading: 'Not looked for yet:', lines, rank: 6, least: 1, more: 'ask again' };
}

function coverageLine({ coverage, timestamp, detection_as_of: detected }: Summary): string {
  const now = Date.parse(timestamp);
  const wrong =
    detected === undefined ? [] : [`what is wrong is told as of ${humanDuration(now - Date.parse(detected))} ago`];
  return `As of ${new Date(coverage.asOf).toISOString()}: ${[...coverageLines(coverage, now), ...wrong].join('; ')}`;
}
