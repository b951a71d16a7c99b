import type { Coverage, GraphQuestion, OpenGraph } from '../../../graph/access.ts';
import { coverageLines } from '../../../graph/queries/coverage-text.ts';
import { dependencies } from '../../../graph/queries/dependencies.ts';
import { findTarget, type TargetName } from '../../../graph/queries/find-target.ts';
import { impact } from '../../../graph/queries/impact.ts';
import { related } from '../../../graph/queries/related.ts';
import { hubLines } from '../../../graph/queries/render.ts';
import { countOf, nodeName, stateText } from '../../../graph/queries/state-text.ts';
import { type Bounds, EDGE_BUDGET, type Hit, type Reach } from '../../../graph/queries/types.ts';
import type { NodeId } from '../../../graph/types.ts';
import { countBy, mostFirst } from '../../../kernel/counts.ts';
import type { Monitor } from '../../../monitor/types.ts';
import { plural } from '../../../operations/shape/rest.ts';
import type { CallContext } from '../../../operations/types.ts';
import { cleaned, cleanLine } from '../cleaned.ts';
import { anomaliesAround } from './anomalies.ts';
import { hitItem, type ResultItem } from './item.ts';
import { pathBetween } from './path.ts';
import { focusNamespace, type TargetInput, targetsOf } from './targets.ts';
import { topologyOf } from './topology.ts';
import { fittedTree } from './tree.ts';

export const QUERY_TYPES = [
  'related_resources',
  'dependencies',
  'dependency_trace',
  'impact_analysis',
  'failure_propagation',
  'cluster_topology',
  'anomaly_correlation',
  'resource_path',
] as const;

export const RELATION_CLASSES = ['ownedBy', 'routes', 'hosts', 'dependsOn', 'connects', 'uses'] as const;

export interface Question extends TargetInput {
  query_type: (typeof QUERY_TYPES)[number];
  max_depth?: number | undefined;
  max_results: number;
  relation_filter?: (typeof RELATION_CLASSES)[number][] | undefined;
  resource_types?: string[] | undefined;
}

/** What one query type found, before it is framed. */
export interface Found {
  /** Of all, shown or not. */
  count: number;
  complete: boolean;
  lines: string[];
  /** Made where somebody asks for it: it is up to thirty times as much as the lines. */
  typed(): Typed;
}

interface Typed {
  results: ResultItem[];
  summary: Record<string, unknown>;
}

/** What every query type works on. */
export interface Asked {
  question: Question;
  graph: OpenGraph<Monitor>;
  targets: readonly NodeId[];
  bounds: Bounds;
  ctx: CallContext;
}

/** A path may be longer than a neighbourhood is deep. */
const PATH_DEPTH = 10;
/** Kinds are waited for this long before an answer is given in part, ms. */
const WAIT_MS = 20_000;
/** What has changed is looked at for so long; what takes longer is told as it was seconds ago, ms. */
const DETECTION_MS = 10;

export interface Answer extends Record<string, unknown> {
  success: boolean;
  query_type: string;
  target_resources: string[];
  results_count: number;
  complete: boolean;
  results: ResultItem[];
  summary: Record<string, unknown>;
  coverage: Coverage & Record<string, unknown>;
  lines: string[];
}

export function answerOf(question: Question, ctx: CallContext): Promise<Answer> {
  return answered(question, ctx, typedAnswer);
}

/** The text of the answer alone. */
export function linesOf(question: Question, ctx: CallContext): Promise<string[]> {
  return answered(question, ctx, ({ lines }) => lines);
}

/** `as` is called before anything is waited for again: what is found has ids of the graph as it is then. */
async function answered<T>(question: Question, ctx: CallContext, as: (framed: Framed) => T): Promise<T> {
  const names = await targetsOf(question, ctx);
  const depth =
    question.max_depth ?? (question.query_type === 'resource_path' ? PATH_DEPTH : ctx.graphDefaults.maxDepth);
  const asked: GraphQuestion = {
    kinds: question.query_type === 'anomaly_correlation' ? 'all' : 'objects',
    waitMs: WAIT_MS,
    focus: focusOf(names, question, depth),
    signal: ctx.signal,
    progress: ctx.progress,
  };
  const most = Math.min(question.max_results, ctx.policy.maxResources ?? question.max_results);
  return ctx.graph.ask(asked, async (graph) =>
    as(await foundIn(graph, { question: { ...question, max_results: most }, names, depth, ctx })),
  );
}

interface Wanted {
  question: Question;
  names: readonly TargetName[];
  depth: number;
  ctx: CallContext;
}

interface Framed {
  question: Question;
  names: readonly TargetName[];
  found: Found;
  coverage: Coverage;
  lines: string[];
}

async function foundIn(graph: OpenGraph<Monitor>, { question, names, depth, ctx }: Wanted): Promise<Framed> {
  // Before anything is looked up: ids hold only as long as nothing is waited for.
  const find = await finderOf(question.query_type, graph.detection);
  const relations = question.relation_filter?.length ? new Set(question.relation_filter) : undefined;
  const targets = names.map((name) => findTarget(graph.view, name));
  const found = await find({
    question,
    graph,
    targets,
    bounds: { depth, relations, edges: EDGE_BUDGET },
    ctx,
  });
  const coverage = graph.coverage();
  const lines = [...found.lines, ...coverageLines(coverage, graph.now())].map(cleanLine);
  return { question, names, found, coverage, lines };
}

function typedAnswer({ question, names, found, coverage, lines }: Framed): Answer {
  const { results, summary } = found.typed();
  return {
    success: true,
    query_type: question.query_type,
    target_resources: names.map(({ kind, namespace, name }) =>
      [kind, namespace, name].filter((part) => part !== '').join('/'),
    ),
    results_count: found.count,
    complete: found.complete,
    results: cleaned(results),
    summary: cleaned(summary),
    coverage: cleaned({ ...coverage }),
    lines,
  };
}

function focusOf(objects: readonly TargetName[], question: Question, depth: number) {
  const namespace = focusNamespace(question);
  return { objects, depth, ...(namespace === undefined ? {} : { namespace }) };
}

type Finder = (asked: Asked) => Found | Promise<Found>;

async function finderOf(type: Question['query_type'], detection: Monitor): Promise<Finder> {
  switch (type) {
    case 'related_resources':
      return (asked) => ofReach(asked, related(asked.graph.view, asked.targets, asked.bounds), 'related to');
    case 'dependencies':
    case 'dependency_trace':
      return (asked) =>
        each(asked, (id) => ofReach(asked, dependencies(asked.graph.view, id, asked.bounds), 'dependencies of', id));
    case 'impact_analysis':
    case 'failure_propagation':
      return (asked) =>
        each(asked, (id) => ofReach(asked, impact(asked.graph.view, id, asked.bounds), 'impact of', id));
    case 'cluster_topology':
      return topologyOf;
    case 'anomaly_correlation': {
      const known = await detection.within(DETECTION_MS);
      return (asked) => anomaliesAround(asked, known);
    }
    case 'resource_path':
      return pathBetween;
  }
}

/** One answer after the other for several targets. */
function each({ targets, question }: Asked, find: (id: NodeId) => Found): Found {
  const all = targets.map(find);
  return {
    count: all.reduce((sum, { count }) => sum + count, 0),
    complete: all.every(({ complete }) => complete),
    lines: all.flatMap(({ lines }) => lines),
    typed() {
      const each = all.map((found) => found.typed());
      return {
        results: each.flatMap(({ results }) => results).slice(0, question.max_results),
        summary: each.length === 1 ? (each[0]?.summary ?? {}) : { targets: each.map(({ summary }) => summary) },
      };
    },
  };
}

function ofReach(asked: Asked, reach: Reach, what: string, start: NodeId | undefined = asked.targets[0]): Found {
  const { graph, question } = asked;
  const hits = reach.hits.filter(({ part }) => part !== true);
  const starts = start === undefined ? [] : what === 'related to' ? asked.targets : [start];
  const names = starts.map((id) => titled(asked, id)).join(', ');
  const atLeast = reach.complete ? '' : 'at least ';
  const parts = reach.hits.length - hits.length;
  const isOfNamespace = start !== undefined && graph.view.node(start).kind === 'Namespace';
  const nothing = isOfNamespace ? 'nothing beside what is in it' : 'nothing';
  const count = hits.length === 0 ? nothing : plural(hits.length, 'object');
  const ofIt = parts === 0 ? '' : `, ${plural(parts, 'part')} of it`;
  const byEffect = effectCounts(hits);
  const head = `${what} ${names}: ${atLeast}${count}${effects(byEffect)}${ofIt}`;
  const isImpact = what === 'impact of';
  return {
    count: hits.length,
    complete: reach.complete,
    lines: [
      head,
      ...namespaceLines(asked, start, isImpact),
      ...fittedTree(asked, reach.hits, { keepParts: isImpact }),
      ...hubLines(graph.view, reach.hubs),
      ...restOf(reach),
    ],
    typed: () => ({
      results: hits.slice(0, question.max_results).map((hit) => hitItem(graph.view, hit)),
      summary: {
        by_depth: countBy(hits, ({ depth }) => String(depth)),
        by_relation: countBy(hits, ({ why }) => why?.relation.id ?? ''),
        ...byEffect,
      },
    }),
  };
}

/** Why there is more than the answer tells, and what to ask instead. */
function restOf({ complete, stoppedAt, hits }: Reach): string[] {
  if (complete) return [];
  const ended =
    stoppedAt === undefined
      ? `the question ended after ${EDGE_BUDGET} edges. Narrow it with relation_filter or max_depth.`
      : `${hits.length} objects are within ${plural(stoppedAt, 'step')}, and what is behind them was not looked at. Narrow it with relation_filter, or ask about one of them.`;
  return [`There is more: ${ended}`];
}

function titled({ graph }: Asked, id: NodeId): string {
  const state = stateText(graph.view, id);
  return `${nodeName(graph.view.node(id))}${state === '' ? '' : ` (${state})`}`;
}

function effects(byEffect: Record<string, number>): string {
  const counts = Object.entries(byEffect);
  return counts.length === 0 ? '' : ` (${counts.map(([effect, count]) => `${count} ${effect}`).join(', ')})`;
}

function effectCounts(hits: readonly Hit[]): Record<string, number> {
  if (hits.every(({ effect }) => effect === undefined)) return {};
  return countBy(hits, ({ effect }) => effect ?? '');
}

/** What is in a namespace hangs together with it by no field: counted, not followed one by one. */
function namespaceLines({ graph: { view } }: Asked, start: NodeId | undefined, isImpact: boolean): string[] {
  const node = start === undefined ? undefined : view.node(start);
  if (node?.kind !== 'Namespace') return [];
  const counts = view.kinds().map((kind) => [kind, view.count(kind, node.name).total] as const);
  const held = mostFirst(counts.filter(([, total]) => total > 0))
    .map(([kind, total]) => countOf(total, kind))
    .join(', ');
  if (held === '') return ['it is empty'];
  return [isImpact ? `all that is in it goes with it: ${held}` : `in it: ${held}`];
}
