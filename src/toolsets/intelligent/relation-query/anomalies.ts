import { type Place, type Side, surroundings } from '../../../graph/queries/correlation.ts';
import { stepsTo } from '../../../graph/queries/path.ts';
import { nodeName } from '../../../graph/queries/state-text.ts';
import type { GraphView, NodeId } from '../../../graph/types.ts';
import { humanDuration } from '../../../kernel/text/age.ts';
import { cutToBudget } from '../../../kernel/text/budget.ts';
import type { Anomaly, Known, ObjectName } from '../../../monitor/types.ts';
import { plural } from '../../../operations/shape/rest.ts';
import type { Asked, Found } from './answer.ts';
import { resourceId } from './item.ts';
import { orMoreResults } from './more.ts';
import { knownFocus } from './targets.ts';

/** Of the answer's budget: the rest is for what it says of itself. */
const SHARE = 0.8;
/** Namespaces that are named; the rest is counted. */
const NAMED = 6;

const ORDER: readonly Side[] = ['itself', 'upstream', 'downstream'];
const WORDS: Readonly<Record<Side, string>> = {
  itself: 'in it',
  upstream: 'in what it needs',
  downstream: 'in what depends on it',
};

/** Where an anomaly stands to the target. */
interface Standing {
  /** The nearest side that its root, or something that it hurts, is on: these come first. */
  nearest: Side;
  /** Where its root is; undefined where that is further off. */
  root: Place | undefined;
  /** Where it is not the root that is near: what is. */
  by: ObjectName | undefined;
}

/** What is wrong around the targets, or everywhere where none is named. */
export function anomaliesAround(asked: Asked, { anomalies, ready }: Known): Found {
  const { graph, question, targets, bounds, ctx } = asked;
  const focus = targets.length === 0 ? knownFocus(graph, question) : undefined;
  const around = targets.map((target) => surroundings(graph.view, target, bounds));
  const placed = anomalies
    .filter((anomaly) => focus === undefined || isIn(anomaly, focus))
    .flatMap((anomaly) => {
      const standing = targets.length === 0 ? undefined : standingOf(anomaly, graph.view, around);
      return targets.length > 0 && standing === undefined ? [] : [{ anomaly, standing }];
    })
    .sort((a, b) => rankOf(a.standing) - rankOf(b.standing));
  const shown = placed.slice(0, question.max_results);
  const told = shown.map(({ anomaly, standing }) => lines(anomaly, standingText(standing), graph.now()));
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
      results: shown.map(({ anomaly, standing }) => item(anomaly, standing, graph.view)),
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

function isIn({ root, objects }: Anomaly, focus: string): boolean {
  return [root, ...objects].some(
    ({ kind, namespace, name }) => namespace === focus || (kind === 'Namespace' && name === focus),
  );
}

/** How many are not told, and how to get to them. */
function rest(omitted: number, more: string): string[] {
  if (omitted === 0) return [];
  return [`${omitted} more, less severe or further off: narrow with focus_namespace or target_resources${more}.`];
}

const rankOf = (standing: Standing | undefined) => (standing === undefined ? 0 : ORDER.indexOf(standing.nearest));

/** Undefined where nothing of it is around a target. */
function standingOf(
  anomaly: Anomaly,
  view: GraphView,
  around: readonly ReadonlyMap<NodeId, Place>[],
): Standing | undefined {
  const placeOf = ({ kind, namespace, name }: ObjectName): Place | undefined => {
    const id = view.find(kind, namespace, name);
    return id === undefined ? undefined : nearest(around.flatMap((places) => places.get(id) ?? []));
  };
  const root = placeOf(anomaly.root);
  const hurt = anomaly.objects.flatMap((object) => {
    const place = placeOf(object);
    return place === undefined ? [] : [{ object, place }];
  });
  const near = nearest([...(root === undefined ? [] : [root]), ...hurt.map(({ place }) => place)]);
  if (near === undefined) return undefined;
  const by = root === undefined ? hurt.find(({ place }) => place === near)?.object : undefined;
  return { nearest: near.side, root, by };
}

const nearest = (places: readonly Place[]): Place | undefined =>
  places.toSorted(
    (a, b) => ORDER.indexOf(a.side) - ORDER.indexOf(b.side) || (a.hit?.depth ?? 0) - (b.hit?.depth ?? 0),
  )[0];

/** ` [in what it needs, 2 steps away]`, ` [in it: Pod shop/cart-1]`. */
function standingText(standing: Standing | undefined): string {
  if (standing === undefined) return '';
  const { root, by, nearest: side } = standing;
  if (root === undefined) return ` [${WORDS[side]}${by === undefined ? '' : `: ${nodeName(by)}`}]`;
  if (root.side === 'itself') return ` [${WORDS.itself}]`;
  const hurts = side === 'itself' ? ', hurts it' : '';
  return ` [${WORDS[root.side]}, ${plural(root.hit?.depth ?? 0, 'step')} away${hurts}]`;
}

function item(anomaly: Anomaly, standing: Standing | undefined, view: GraphView) {
  const { root, severity, title, evidence, since, score, symptoms, blast } = anomaly;
  return {
    resource_id: idOf(root),
    ...root,
    ...placed(standing, view),
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

/** Of the root where it is around the target, else of what is. */
function placed(standing: Standing | undefined, view: GraphView) {
  if (standing === undefined) return {};
  const { nearest: side, root, by } = standing;
  if (root === undefined) return { side, ...(by === undefined ? {} : { by: idOf(by) }) };
  const { hit } = root;
  return {
    side: root.side,
    depth: hit?.depth ?? 0,
    hurts_target: side === 'itself',
    ...(hit === undefined
      ? {}
      : { relation: hit.why?.relation.id, path: stepsTo(hit).map(({ id }) => resourceId(view, id)) }),
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
