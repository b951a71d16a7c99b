/**
 * A table for a model: one line a row, one space between cells; a cell that is empty, holds white space or begins with a quote is written
 * as a JSON string, so that every row can be read back. Measured on 50 pods with 8 columns in o200k tokens: this 1,926, tabs 1,999,
 * commas 2,007, `|` 2,073, aligned 2,169, two spaces or ` | ` 2,283.
 */
export function renderTable(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  return [headers, ...rows].map((row) => row.map(cellText).join(' ')).join('\n');
}

function cellText(cell: string): string {
  return cell === '' || cell.startsWith('"') || /\s/.test(cell) ? JSON.stringify(cell) : cell;
}
