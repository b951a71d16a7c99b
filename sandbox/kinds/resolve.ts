/** Schemas followed to what they mean. */
import { builtinType } from './builtin-data.ts';
import type { Schema } from './schema.ts';

const resolved = new WeakMap<Schema, Schema>();

/**
 * A `$ref` followed to the type it names, with what stands beside it (default, patch strategy) laid over; an `allOf` of one
 * member flattened. The same schema gives the same result object each time.
 */
export function resolveSchema(schema: Schema): Schema {
  if (schema.$ref === undefined && schema.allOf?.length !== 1) return schema;
  const known = resolved.get(schema);
  if (known !== undefined) return known;
  const result = follow(schema);
  resolved.set(schema, result);
  return result;
}

function follow(schema: Schema): Schema {
  const { $ref, allOf, ...beside } = schema;
  const [single] = allOf ?? [];
  const target = $ref === undefined ? single : builtinType($ref);
  if (target === undefined) return beside;
  const meant = resolveSchema(target);
  return Object.keys(beside).length === 0 ? meant : { ...meant, ...beside };
}
