import { cutToBudget } from '../../kernel/text/budget.ts';
import { cleanText } from '../../kernel/text/clean.ts';
import type { CallContext } from '../types.ts';

/**
 * The last look at an answer: no secret this call met, no control characters, no more than the budget.
 * Tools fit their answers themselves and say how to get the rest; this cut is the net beneath them.
 */
export function shapeText(text: string, ctx: Pick<CallContext, 'redactor' | 'budgetTokens'>): string {
  const lines = cleanText(ctx.redactor.text(text)).split('\n');
  const { kept, omitted } = cutToBudget(lines, { budget: Math.ceil(ctx.budgetTokens * 1.1) });
  if (omitted === 0) return kept.join('\n');
  return `${kept.join('\n')}\n[${omitted} more lines were cut. Narrow the request to see them.]`;
}
