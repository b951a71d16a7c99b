/** Paths of fields as a tree. */

/** What is read below a field: everything, or some members. */
export type FieldMask = 'all' | ReadonlyMap<string, FieldMask>;

type Growing = 'all' | Map<string, Growing>;

/** Of an object without its metadata, of which all is read. */
export function fieldMask(fields: readonly string[]): ReadonlyMap<string, FieldMask> {
  const mask = new Map<string, Growing>();
  for (const path of fields) addPath(mask, path.split('.'));
  mask.delete('metadata');
  return mask;
}

function addPath(mask: Map<string, Growing>, [first = '', ...rest]: readonly string[]): void {
  const below = mask.get(first);
  if (below === 'all') return;
  if (rest.length === 0) {
    mask.set(first, 'all');
    return;
  }
  const members: Map<string, Growing> = below ?? new Map();
  mask.set(first, members);
  addPath(members, rest);
}
