/** Reading parsed JSON that may be anything. */
export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object at the end of a path of fields, or an empty one. */
export function fieldsAt(value: unknown, ...path: readonly string[]): Fields {
  let at = value;
  for (const key of path) at = isFields(at) ? at[key] : undefined;
  return isFields(at) ? at : {};
}

export const textOf = (value: unknown) => (typeof value === 'string' ? value : '');
export const textsOf = (value: unknown) =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
export const itemsOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);
