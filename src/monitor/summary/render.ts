import { coverageLines } from '../../graph/queries/coverage-text.ts';
import { humanDuration } from '../../kernel/text/age.ts';
import { cleanText } from '../../kernel/text/clean.ts';
import { spoken, spokenKind } from '../causes/names.ts';
import { fitText, type Section } from './fit.ts';
import { isSample } from './gaps.ts';
import { KEY_KINDS } from './key-kinds.ts';
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

/** A summary as text of at most so many UTF-8 bytes: the verdict first, what it rests on last. Text of the cluster is cleaned. */
export function rendererOf(summary: Summary): (bytes: number) => string {
  const sections = sectionsOf(summary).map(
    (section): Section => ({ ...section, lines: section.lines.map((line) => cleanText(line, { maxLine: 600 })) }),
  );
  const text = { first: cleanText(verdict(summary)), sections, last: cleanText(coverageLine(summary)) };
  return (bytes) => fitText(text, bytes);
}

function verdict({
  health_status: { overall, message },
  severity_breakdown: levels,
  namespace,
  key_metrics: { nodes, pods },
  gaps,
}: Summary): string {
  const where = namespace === undefined ? 'cluster' : `namespace ${namespace}`;
  const counts = [
    levels.critical > 0 ? `${levels.critical} critical` : '',
    levels.warning > 0 ? `${levels.warning} warning` : '',
    levels.info > 0 ? `${levels.info} minor` : '',
  ].filter((text) => text !== '');
  const detail = counts.length === 0 ? '' : ` (${counts.join(', ')})`;
  const of = (kind: string, total: number, word: string) =>
    isSample(gaps.kinds, kind) ? `of the ${total} ${word} that were read` : `of ${total} ${word}`;
  const size = [
    // Under pressure a node is not well, and ready all the same.
    nodes === undefined || namespace !== undefined
      ? ''
      : `${nodes.ok + nodes.warning} ${of('Node', nodes.total, 'nodes')} ready`,
    pods === undefined ? '' : `${pods.ok + pods.done} ${of('Pod', pods.total, 'pods')} well`,
  ].filter((text) => text !== '');
  return `${OVERALL_WORDS[overall]}: ${where}: ${message}${detail}${size.length === 0 ? '' : `; ${size.join(', ')}`}`;
}

function sectionsOf(summary: Summary): readonly Section[] {
  const { scope, performance } = summary;
  const anomalies = anomalySection(summary);
  const usage = performance === undefined ? [] : performanceSections(performance, summary.namespace);
  if (scope === 'anomalies')
    return [anomalies, levelSection(summary), ...usage, hygieneSection(summary), closedSection(summary)];
  if (scope === 'resources')
    return [countSection(summary, 0), healthSection(summary), anomalies, ...usage, closedSection(summary)];
  if (scope === 'performance') return [...usage, anomalies, closedSection(summary)];
  return [
    anomalies,
    healthSection(summary),
    ...usage,
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
  lines.push(
    ...notShown(left.below_threshold, 'lesser', 'anomaly_threshold: low'),
    ...notShown(left.of_other_kinds, 'of other kinds', 'without resource_types'),
    ...notShown(left.asked_without, 'in all', 'include_anomalies: true'),
  );
  const all = anomalies.length + left.more;
  const worst = left.more > 0 ? `Anomalies, the worst ${anomalies.length} of ${all}:` : 'Anomalies, the worst first:';
  const heading = anomalies.length === 0 ? 'Anomalies:' : worst;
  const more = scope === 'anomalies' ? 'a larger max_size_kb' : 'scope: anomalies, or a larger max_size_kb';
  return { heading, lines, rank: 0, least: 12, more: `lines; ${more}` };
}

const notShown = (count: number | undefined, which: string, how: string): string[] =>
  count === undefined || count === 0 ? [] : [`${count} ${which} not shown (${how})`];

function anomalyLines(anomaly: AnomalyLine, rank: number, now: number, detailed: boolean): string[] {
  const { severity, title, since, blast, evidence, advice, symptoms } = anomaly;
  const reach = blast.objects === 0 ? '' : `, ${blast.objects} hurt by it${entry(blast.entryPoints)}`;
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

function healthSection({ key_metrics: metrics, gaps }: Summary): Section {
  const lines = Object.entries(metrics).map(
    ([name, counts]) =>
      `${name}: ${isSample(gaps.kinds, KEY_KINDS[name] ?? '') ? 'of those read ' : ''}${healthText(counts)}`,
  );
  return { heading: 'Health:', lines, rank: 1, least: 7, more: 'scope: health' };
}

function healthText({ total, ...counts }: HealthCounts): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return `${total}${parts.length === 0 ? '' : ` (${parts.map(([name, count]) => `${count} ${name}`).join(', ')})`}`;
}

function namespaceSection({ namespace_breakdown: all, namespaces_left: left }: Summary): Section {
  const lines = all.map(
    ({ namespace, pods, pods_not_well: bad, anomalies }) =>
      `${namespace} · ${pods} ${pods === 1 ? 'pod' : 'pods'}${bad > 0 ? `, ${bad} not well` : ''}${anomalies > 0 ? `, ${anomalies} ${anomalies === 1 ? 'anomaly' : 'anomalies'}` : ''}`,
  );
  if (left > 0) lines.push(`… and ${left} more (focus_namespace)`);
  return { heading: 'Namespaces, those in trouble first:', lines, rank: 3, least: 3, more: 'a larger max_size_kb' };
}

function countSection({ cluster_stats: stats, gaps }: Summary, rank: number): Section {
  const counts = Object.entries(stats.resource_counts).map(([kind, count]) => `${spokenKind(kind)} ${count}`);
  const lines: string[] = [];
  const perLine = 8;
  for (let at = 0; at < counts.length; at += perLine) lines.push(counts.slice(at, at + perLine).join(', '));
  const where = `${stats.namespaces} ${stats.namespaces === 1 ? 'namespace' : 'namespaces'}`;
  const relations = stats.total_relationships === undefined ? '' : `, ${stats.total_relationships} relations`;
  const narrowed = Object.values(stats.resource_counts).reduce((sum, count) => sum + count, 0) < stats.total_resources;
  if (narrowed && lines.length === 0) lines.push('none');
  const least = gaps.kinds.some(({ how }) => how === 'part') ? 'at least ' : '';
  const heading = `Objects: ${least}${stats.total_resources} in ${where}${relations}${narrowed ? '; of the kinds asked for' : ''}:`;
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
  const lines = closed.map(({ why, count, detectors }) => {
    const unnamed = count - detectors.length;
    return `${why}: ${detectors.join(', ')}${unnamed > 0 ? ` and ${unnamed} more` : ''}`;
  });
  return { heading: 'Not looked for yet:', lines, rank: 6, least: 1, more: 'ask again' };
}

function coverageLine({ coverage, timestamp, detection_as_of: detected }: Summary): string {
  const now = Date.parse(timestamp);
  const wrong =
    detected === undefined ? [] : [`what is wrong is told as of ${humanDuration(now - Date.parse(detected))} ago`];
  return `As of ${new Date(coverage.asOf).toISOString()}: ${[...coverageLines(coverage, now), ...wrong].join('; ')}`;
}
