import { renderTable } from '../../kernel/text/table.ts';
import { estimateTokens } from '../../kernel/text/tokens.ts';

/** Tokens kept free for the first line of an answer, its notes and its continue token. */
const RESERVE = 400;
/** Counts what an answer costs while it grows. */
export interface Fitter {
  /** True, and counted, when the text still fits. */
  text(text: string): boolean;
  /** The same for a row of a table. */
  row(cells: readonly string[]): boolean;
}

/** A fitter for a budget in tokens; `spent` is what the answer costs before its rows. */
export function createFitter(budgetTokens: number, spent = 0): Fitter {
  let left = budgetTokens - RESERVE - spent;
  const take = (cost: number) => {
    if (cost > left) return false;
    left -= cost;
    return true;
  };
  return {
    text: (text) => take(estimateTokens(`${text}\n`)),
    row: (cells) => take(estimateTokens(`${renderTable(cells, [])}\n`)),
  };
}

/** The rows from the `skip`-th on that fit, at least one, at most `max`. */
export function fitRows<T>(
  rows: readonly T[],
  cellsOf: (row: T) => readonly string[],
  { budgetTokens, skip = 0, max = Number.POSITIVE_INFINITY }: { budgetTokens: number; skip?: number; max?: number },
): T[] {
  const fitter = createFitter(budgetTokens);
  const fitted: T[] = [];
  for (const row of rows.slice(skip)) {
    if (fitted.length >= max || (!fitter.row(cellsOf(row)) && fitted.length > 0)) break;
    fitted.push(row);
  }
  return fitted;
}
