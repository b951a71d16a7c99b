import { cutToBudget } from '../../kernel/text/budget.ts';
import { cleanText } from '../../kernel/text/clean.ts';

/** Longest line of an object's text, in characters: a 3 MB value of one key must not hide the keys behind it. */
const MAX_LINE = 2000;
/** Tokens kept free for the first line and the notes. */
const RESERVE = 400;

/** The lines of `text` that fit, long lines shortened; `omitted` lines are missing at the end. */
export function fitText(text: string, budgetTokens: number): { text: string; omitted: number } {
  const lines = cleanText(text, { maxLine: MAX_LINE }).replace(/\n$/, '').split('\n');
  const { kept, omitted } = cutToBudget(lines, { budget: budgetTokens - RESERVE });
  return { text: kept.join('\n'), omitted };
}
