export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Visits every value with its key (that of the list, in a list) and the last two keys above it. */
export function walk(
  value: unknown,
  visit: (key: string, value: unknown, parents: readonly string[]) => void,
  key = '',
  above = '',
): void {
  visit(key, value, [key, above]);
  if (Array.isArray(value)) for (const item of value) walk(item, visit, key, above);
  else if (isObject(value)) for (const [inner, item] of Object.entries(value)) walk(item, visit, inner, key);
}
