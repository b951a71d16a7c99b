/** What happens to fields that an applier no longer applies: they go when nobody else owns them. */
import { difference, type FieldSet, intersection, union } from './field-set.ts';
import { fieldsOf, removeFields, withNamedFields } from './fields-of-object.ts';
import type { Managers } from './managers.ts';
import type { Shape } from './shape.ts';

/**
 * `merged` without the fields in `last`, what the applier owned before, that no manager owns now; `managers` hold what it
 * applies this time. Fields of `merged` that were never the applier's stay, owned or not.
 */
export function withoutGivenUp(merged: unknown, last: FieldSet, managers: Managers, shape: Shape): unknown {
  if (last.size === 0) return merged;
  const named = (set: FieldSet) => withNamedFields(set, shape);
  const all = named(fieldsOf(merged, shape));
  let owned: FieldSet = new Map();
  for (const { fields } of managers.values()) owned = union(owned, fields);
  // First without all that was the applier's, then with what is owned again, then with what never was the applier's.
  const bare = removeFields(merged, named(last), shape);
  const kept = union(named(fieldsOf(bare, shape)), named(owned));
  const pruned = removeFields(merged, difference(all, kept), shape);
  const gone = difference(all, named(fieldsOf(pruned, shape)));
  return removeFields(merged, intersection(gone, named(last)), shape);
}
