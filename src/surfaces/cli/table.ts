const GAP = '  ';

/** Left-aligned columns; with `width`, the last one is cut so that no line wraps. */
export function renderTable(
  header: readonly string[] | undefined,
  rows: readonly (readonly string[])[],
  width: number | undefined,
): string {
  const all = header === undefined ? rows : [header, ...rows];
  const count = Math.max(0, ...all.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(0, ...all.map((row) => row[column]?.length ?? 0)),
  );
  const lines = all.map((row) => {
    const cells = row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)));
    return cut(cells.join(GAP).trimEnd(), width);
  });
  return lines.map((line) => `${line}\n`).join('');
}

function cut(line: string, width: number | undefined): string {
  if (width === undefined || line.length <= width || width < 20) return line;
  return `${line.slice(0, width - 3)}...`;
}
