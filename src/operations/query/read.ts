/** Reading fields of objects whose shape nobody guarantees: a CRD or a broken controller may put anything anywhere. */

/** The value at a path of field names, or undefined. */
export function field(value: unknown, ...names: string[]): unknown {
  let current = value;
  for (const name of names) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) return undefined;
    current = (current as Record<string, unknown>)[name];
  }
  return current;
}

/** The text at the path, or ''. */
export function text(value: unknown, ...names: string[]): string {
  const found = field(value, ...names);
  return typeof found === 'string' ? found : '';
}

/** The number at the path, or 0. */
export function count(value: unknown, ...names: string[]): number {
  const found = field(value, ...names);
  return typeof found === 'number' && Number.isFinite(found) ? found : 0;
}

/** The list at the path, or an empty one. */
export function items(value: unknown, ...names: string[]): readonly unknown[] {
  const found = field(value, ...names);
  return Array.isArray(found) ? found : [];
}

/** The text entries of the map at the path. */
export function textMap(value: unknown, ...names: string[]): Record<string, string> {
  const found = field(value, ...names);
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return {};
  const entries = Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(entries);
}
