import { treeLines } from '../../../graph/queries/render.ts';
import type { Hit } from '../../../graph/queries/types.ts';
import { cutToBudget } from '../../../kernel/text/budget.ts';
import type { Asked } from './answer.ts';
import { orMoreResults } from './more.ts';

/** Of the answer's budget: the rest is for its head and its coverage. */
const SHARE = 0.8;

/** The tree of an answer, cut to what an answer may take; what is cut is said. */
export function fittedTree(asked: Asked, hits: readonly Hit[], options: { keepParts: boolean }): string[] {
  const { graph, question, ctx } = asked;
  const all = treeLines(graph.view, hits, options);
  const { kept } = cutToBudget(all.slice(0, question.max_results), { budget: ctx.budgetTokens * SHARE });
  const omitted = all.length - kept.length;
  if (omitted === 0) return kept;
  return [...kept, `${omitted} more lines: narrow with max_depth or relation_filter${orMoreResults(asked)}.`];
}
