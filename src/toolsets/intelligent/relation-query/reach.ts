import { tellsParts } from '../../../graph/queries/reasons.ts';
import { refusalOf } from '../../../graph/queries/refusals.ts';
import { hubLines } from '../../../graph/queries/render.ts';
import { countOf, nodeName, stateText } from '../../../graph/queries/state-text.ts';
import { EDGE_BUDGET, type Hit, type Reach } from '../../../graph/queries/types.ts';
import type { NodeId } from '../../../graph/types.ts';
import { countBy, mostFirst } from '../../../kernel/counts.ts';
import { plural } from '../../../operations/shape/rest.ts';
import type { Asked, Found } from './answer.ts';
import { hitItem } from './item.ts';
import { fittedTree } from './tree.ts';

type What = 'related to' | 'dependencies of' | 'impact of';

/** The deepest that max_depth takes. */
const MAX_DEPTH = 10;

/** What a question reached, told as a tree. `starts`: what it began at. */
export function ofReach(asked: Asked, reach: Reach, what: What, starts: readonly NodeId[]): Found {
  const { graph, question, bounds } = asked;
  const hits = reach.hits.filter(({ part }) => part !== true);
  const isImpact = what === 'impact of';
  const namespaces = starts.filter((id) => graph.view.node(id).kind === 'Namespace');
  const keepParts = isImpact && tellsParts(bounds) && namespaces.length === 0;
  const unknown = starts.filter((id) => graph.view.whereabouts(id) === 'unknown');
  const byEffect = effectCounts(hits);
  const isAll = reach.complete && (hits.length === 0 || graph.coverage().partial !== true);
  const atLeast = isAll ? '' : 'at least ';
  const count = hits.length === 0 ? nothing(asked, what, starts) : plural(hits.length, 'object');
  const names = starts.map((id) => titled(asked, id)).join(', ');
  const parts = keepParts ? reach.hits.filter(({ part, depth }) => part && depth === 0).length : 0;
  const ofIt = parts === 0 ? '' : `, ${plural(parts, 'part')} of it`;
  return {
    count: hits.length,
    complete: reach.complete && reach.further === undefined && unknown.length === 0,
    lines: [
      `${what} ${names}: ${atLeast}${count}${effects(byEffect)}${ofIt}`,
      ...(isImpact ? starts.flatMap((id) => refusalLines(asked, id)) : []),
      ...namespaces.flatMap((id) => namespaceLines(asked, id, isImpact)),
      ...fittedTree(asked, reach.hits, { keepParts }),
      ...hubLines(graph.view, reach.hubs),
      ...restOf(reach, bounds.depth),
    ],
    typed: () => ({
      results: hits.slice(0, question.max_results).map((hit) => hitItem(graph.view, hit)),
      summary: {
        by_depth: countBy(hits, ({ depth }) => String(depth)),
        by_relation: countBy(hits, ({ why }) => why?.relation.id ?? ''),
        ...byEffect,
        ...(reach.further === undefined ? {} : { one_step_further: reach.further.count }),
      },
    }),
  };
}

/** What an empty answer says: what was not read may need or hurt something all the same. */
function nothing({ graph: { view, coverage } }: Asked, what: What, starts: readonly NodeId[]): string {
  if (starts.every((id) => view.node(id).kind === 'Namespace'))
    return what === 'impact of' ? 'nothing beside what is in it' : 'nothing by itself';
  if (what === 'impact of' && starts.some((id) => refusalOf(view, id) !== undefined)) return 'no object by a field';
  if (starts.some((id) => view.whereabouts(id) === 'unknown')) return 'nothing is known';
  return coverage().partial === true ? 'nothing in what was read' : 'nothing';
}

/** Why there is more than the answer tells, and what to ask instead. */
function restOf({ complete, stoppedAt, hits, further }: Reach, depth: number): string[] {
  if (complete && further === undefined) return [];
  if (complete && further !== undefined) {
    const remedy = depth < MAX_DEPTH ? `raise max_depth (${depth})` : 'ask about one of these';
    if (further.count === 0) return [`There may be more one step further: ${remedy}.`];
    const verb = further.count === 1 ? 'is' : 'are';
    return [
      `${further.exact ? '' : 'At least '}${plural(further.count, 'object')} ${verb} one step further: ${remedy}.`,
    ];
  }
  const ended =
    stoppedAt === undefined
      ? `the question ended after ${EDGE_BUDGET} edges. Narrow it with relation_filter or max_depth.`
      : `${hits.length} objects are within ${plural(stoppedAt, 'step')}, and what is behind them was not looked at. Narrow it with relation_filter, or ask about one of them.`;
  return [`There is more: ${ended}`];
}

function refusalLines({ graph: { view } }: Asked, id: NodeId): string[] {
  const refusal = refusalOf(view, id);
  return refusal === undefined ? [] : [`while it is not answered, ${refusal}`];
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

/** What is in a namespace hangs together with it by no field: counted. Its failure is theirs; what else they need or touch is not the namespace's. */
function namespaceLines({ graph: { view } }: Asked, id: NodeId, isImpact: boolean): string[] {
  const { name } = view.node(id);
  const counts = view.kinds().map((kind) => [kind, view.count(kind, name).total] as const);
  const held = mostFirst(counts.filter(([, total]) => total > 0))
    .map(([kind, total]) => countOf(total, kind))
    .join(', ');
  if (held === '') return ['it is empty'];
  return [isImpact ? `all that is in it goes with it: ${held}` : `in it, and not followed: ${held}`];
}
