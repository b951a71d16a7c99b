import { estimateTokens, mostTokens } from './tokens.ts';

export interface Cut {
  kept: string[];
  omitted: number;
}

/** As many whole lines as fit into `budget` tokens, from the start, or with `tail` from the end. */
export function cutToBudget(
  lines: readonly string[],
  { budget, tail = false }: { budget: number; tail?: boolean },
): Cut {
  // Most answers are far from what they may take, and need not be looked at word by word.
  if (lines.reduce((sum, line) => sum + mostTokens(`${line}\n`), 0) <= budget) return { kept: [...lines], omitted: 0 };
  let left = budget;
  let count = 0;
  while (count < lines.length) {
    const line = lines[tail ? lines.length - 1 - count : count] ?? '';
    left -= estimateTokens(`${line}\n`);
    if (left < 0) break;
    count++;
  }
  return {
    kept: tail ? lines.slice(lines.length - count) : lines.slice(0, count),
    omitted: lines.length - count,
  };
}
