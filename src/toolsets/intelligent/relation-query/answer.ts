import type { Coverage, GraphQuestion, OpenGraph } from '../../../graph/access.ts';
import { coverageLines } from '../../../graph/queries/coverage-text.ts';
import { dependencies } from '../../../graph/queries/dependencies.ts';
import { findTarget, type TargetName } from '../../../graph/queries/find-target.ts';
import { impact } from '../../../graph/queries/impact.ts';
import { related } from '../../../graph/queries/related.ts';
import { type Bounds, EDGE_BUDGET } from '../../../graph/queries/types.ts';
import type { NodeId } from '../../../graph/types.ts';
import type { Monitor } from '../../../monitor/types.ts';
import type { CallContext } from '../../../operations/types.ts';
import { cleaned, cleanLine } from '../cleaned.ts';
import { anomaliesAround } from './anomalies.ts';
import type { ResultItem } from './item.ts';
import { pathBetween } from './path.ts';
import { ofReach } from './reach.ts';
import { focusNamespace, type TargetInput, targetsOf } from './targets.ts';
import { topologyOf } from './topology.ts';

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
    complete: found.complete && coverage.partial !== true,
    results: cleaned(results),
    summary: cleaned(summary),
    coverage: cleaned({ ...coverage }),
    lines,
  };
}

/** Not about who uses a thing. */
const OF_NEEDS: ReadonlySet<string> = new Set(['dependencies', 'dependency_trace', 'cluster_topology']);

function focusOf(objects: readonly TargetName[], question: Question, depth: number) {
  const namespace = focusNamespace(question);
  const users = !OF_NEEDS.has(question.query_type);
  return { objects, depth, users, ...(namespace === undefined ? {} : { namespace }) };
}

type Finder = (asked: Asked) => Found | Promise<Found>;

async function finderOf(type: Question['query_type'], detection: Monitor): Promise<Finder> {
  switch (type) {
    case 'related_resources':
      return (asked) =>
        ofReach(asked, related(asked.graph.view, asked.targets, asked.bounds), 'related to', asked.targets);
    case 'dependencies':
    case 'dependency_trace':
      return (asked) =>
        each(asked, (id) => ofReach(asked, dependencies(asked.graph.view, id, asked.bounds), 'dependencies of', [id]));
    case 'impact_analysis':
    case 'failure_propagation':
      return (asked) =>
        each(asked, (id) => ofReach(asked, impact(asked.graph.view, id, asked.bounds), 'impact of', [id]));
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
