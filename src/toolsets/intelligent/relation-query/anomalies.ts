import { surroundings } from '../../../graph/queries/correlation.ts';
import { nodeName } from '../../../graph/queries/state-text.ts';
import type { GraphView, NodeId } from '../../../graph/types.ts';
import { humanDuration } from '../../../kernel/text/age.ts';
import { cutToBudget } from '../../../kernel/text/budget.ts';
import type { Anomaly, Known, ObjectName } from '../../../monitor/types.ts';
import { plural } from '../../../operations/shape/rest.ts';
import type { Asked, Found } from './answer.ts';
import { orMoreResults } from './more.ts';
import { knownFocus } from './targets.ts';

/** Of the answer's budget: the rest is for what it says of itself. */
const SHARE = 0.8;
/** Namespaces that are named; the rest is counted. */
const NAMED = 6;

type Side = 'itself' | 'upstream' | 'downstream';
const ORDER: readonly Side[] = ['itself', 'upstream', 'downstream'];
const WORDS: Readonly<Record<Side, string>> = {
  itself: 'in it',
  upstream: 'in what it needs',
  downstream: 'in what depends on it',
};

/** What is wrong around the targets, or everywhere where none is named. */
export function anomaliesAround(asked: Asked, { anomalies, ready }: Known): Found {
  const { graph, question, targets, bounds, ctx } = asked;
  const focus = targets.length === 0 ? knownFocus(graph, question) : undefined;
  const around = targets.map((target) => surroundings(graph.view, target, bounds));
  const placed = anomalies
    .filter((anomaly) => focus === undefined || isIn(anomaly, focus))
    .map((anomaly) => ({
      anomaly,
      side: targets.length === 0 ? ('itself' as const) : sideOf(anomaly, graph.view, around),
    }))
    .filter((entry): entry is { anomaly: Anomaly; side: Side } => entry.side !== undefined)
    .sort((a, b) => ORDER.indexOf(a.side) - ORDER.indexOf(b.side));
  const shown = placed.slice(0, question.max_results);
  const told = shown.map(({ anomaly, side }) =>
    lines(anomaly, targets.length === 0 ? '' : ` [${WORDS[side]}]`, graph.now()),
  );
  const fitting = cutToBudget(
    told.map((block) => block.join('\n')),
    { budget: ctx.budgetTokens * SHARE },
  ).kept.length;
  const everywhere = placeOf(focus === undefined ? graph.coverage().namespaces : [focus]);
  const where =
    targets.length === 0 ? everywhere : `around ${targets.map((id) => nodeName(graph.view.node(id))).join(', ')}`;
  return {
    count: placed.length,
    complete: ready,
    typed: () => ({
      results: shown.map(({ anomaly, side }) => item(anomaly, side)),
      summary: {
        total_anomalies: placed.length,
        max_severity: Math.max(0, ...placed.map(({ anomaly }) => anomaly.severity)),
      },
    }),
    lines: [
      placed.length === 0 ? `No anomaly ${where}.` : `${plural(placed.length, 'anomaly', 'anomalies')} ${where}:`,
      ...told.slice(0, fitting).flat(),
      ...rest(placed.length - fitting, fitting === shown.length ? orMoreResults(asked) : ''),
      ...(ready ? [] : ['Detection is not complete yet: some kinds are still being read.']),
    ],
  };
}

/** No more than what is read: of the rest of the cluster nothing is known. */
function placeOf(namespaces: readonly string[] | undefined): string {
  if (namespaces === undefined) return 'in the cluster';
  const rest = namespaces.length - NAMED;
  const names = namespaces.slice(0, NAMED).join(', ') || 'that may be read';
  return `in ${namespaces.length === 1 ? 'namespace' : 'the namespaces'} ${names}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function isIn({ root, symptoms }: Anomaly, focus: string): boolean {
  const objects = [root, ...symptoms.flatMap(({ examples }) => examples)];
  return objects.some(({ kind, namespace, name }) => namespace === focus || (kind === 'Namespace' && name === focus));
}

/** How many are not told, and how to get to them. */
function rest(omitted: number, more: string): string[] {
  if (omitted === 0) return [];
  return [`${omitted} more, less severe or further off: narrow with focus_namespace or target_resources${more}.`];
}

/** The nearest side on which the root or one of its symptoms stands. */
function sideOf(anomaly: Anomaly, view: GraphView, around: readonly ReadonlyMap<NodeId, Side>[]): Side | undefined {
  const objects = [anomaly.root, ...anomaly.symptoms.flatMap(({ examples }) => examples)];
  const ids = objects
    .map(({ kind, namespace, name }) => view.find(kind, namespace, name))
    .filter((id) => id !== undefined);
  const sides = around.flatMap((placed) => ids.flatMap((id) => placed.get(id) ?? []));
  return ORDER.find((side) => sides.includes(side));
}

function item(anomaly: Anomaly, side: Side) {
  const { root, severity, title, evidence, since, score, symptoms, blast } = anomaly;
  return {
    resource_id: idOf(root),
    ...root,
    side,
    severity,
    title,
    evidence,
    since: new Date(since).toISOString(),
    score,
    blast,
    symptoms: symptoms.map(({ title: told, count, examples }) => ({
      title: told,
      count,
      examples: examples.map(idOf),
    })),
  };
}

function lines({ root, severity, title, evidence, since, symptoms }: Anomaly, side: string, now: number): string[] {
  return [
    `- severity ${severity}: ${title.includes(nodeName(root)) ? title : `${nodeName(root)}: ${title}`} (for ${humanDuration(Math.max(0, now - since))})${side}`,
    ...evidence.map((fact) => `    ${fact}`),
    ...symptoms.map(
      ({ title: told, count, examples }) =>
        `    follows from it: ${count} x ${told} (${examples.map(nodeName).join(', ')})`,
    ),
  ];
}

function idOf({ kind, namespace, name }: ObjectName): string {
  return namespace === '' ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}
