import { cellText } from '../query/jsonpath.ts';

/** Longest cell of a table, in characters: an image reference by digest fits. */
const MAX_CELL = 160;

/** A value as one cell: one line, `-` for nothing, cut with `…`. */
export function cell(value: unknown, max = MAX_CELL): string {
  const line = cellText(value)
    .slice(0, 4 * max)
    .replace(/\s+/g, ' ')
    .trim();
  if (line === '') return '-';
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}
