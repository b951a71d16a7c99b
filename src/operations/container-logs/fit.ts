import { estimateTokens } from '../../kernel/text/tokens.ts';
import type { LogSection } from './read.ts';

/** Tokens for headings and notes of one section. */
const HEADING = 40;

export type FittedSection = LogSection & {
  /** Earlier lines that were read and do not fit. */
  cut: number;
};

/** Gives every section its share of the budget; what small ones leave goes to the large. The newest lines stay. */
export function fitSections(sections: readonly LogSection[], budgetTokens: number): FittedSection[] {
  const costs = sections.map((section) => section.lines.map((line) => estimateTokens(line) + 1));
  const totals = costs.map((lines) => lines.reduce((sum, cost) => sum + cost, HEADING));
  const shares = shareOut(totals, budgetTokens - HEADING);
  return sections.map((section, i) => {
    let left = (shares[i] ?? 0) - HEADING;
    let from = section.lines.length;
    while (from > 0 && left - (costs[i]?.[from - 1] ?? 0) >= 0) left -= costs[i]?.[--from] ?? 0;
    // One line is always worth more than none.
    from = Math.min(from, Math.max(0, section.lines.length - 1));
    return { ...section, lines: section.lines.slice(from), cut: from };
  });
}

/** The fair shares of `total`: nobody gets more than asked, and what is left over is divided again. */
function shareOut(asked: readonly number[], total: number): number[] {
  const shares = new Array<number>(asked.length).fill(0);
  const order = asked.map((_, i) => i).sort((a, b) => (asked[a] ?? 0) - (asked[b] ?? 0));
  let left = total;
  for (const [done, i] of order.entries()) {
    const share = Math.min(asked[i] ?? 0, Math.floor(left / (order.length - done)));
    shares[i] = share;
    left -= share;
  }
  return shares;
}
