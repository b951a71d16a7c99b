/** What a column of a server's Table shows, and its cells without credentials: for our own lists and for what passes to a child. */

/** The last name of the path in the description that a server gives a custom kind's column without one of its own. */
const FIELD_SHOWN = /\(in JSONPath format\): .*?([A-Za-z_][\w-]{0,100})['"\]}]{0,4}$/;

/** The field that a custom kind's column shows, where its description says it. */
export function fieldShown(description: string): string | undefined {
  return FIELD_SHOWN.exec(description.slice(0, 1000))?.[1];
}

/** `cells` with each redacted as a field of its column's name, so that a column of passwords is seen to be one; the same array where nothing was. */
export function redactedCells(
  cells: readonly unknown[],
  columns: readonly string[],
  redact: (fields: Record<string, unknown>) => Record<string, unknown>,
): readonly unknown[] {
  let changed = false;
  const clean = cells.map((value, at) => {
    const name = columns[at] ?? '';
    const shown = redact({ [name]: value })[name];
    changed ||= shown !== value;
    return shown;
  });
  return changed ? clean : cells;
}
