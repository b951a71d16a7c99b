/** Defaults of a custom kind's schema. */
import { resolveSchema } from './resolve.ts';
import type { Schema } from './schema.ts';

type Fields = Record<string, unknown>;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Changes `object` in place: nulls where none may be give way to the default, or go; what is missing gets its default. A default
 * is filled in only where its parent is there.
 */
export function applySchemaDefaults(object: Fields, schema: Schema | undefined): void {
  if (schema === undefined) return;
  dropNulls(object, schema);
  fill(object, schema);
}

const forbidsNull = (value: unknown, schema: Schema | undefined) => value === null && schema?.nullable !== true;

function fieldSchema({ properties, additionalProperties }: Schema, key: string): Schema | undefined {
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

function dropNulls(value: unknown, schema: Schema): void {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items !== undefined) for (const item of value) dropNulls(item, items);
  } else if (isObject(value)) {
    for (const [key, field] of Object.entries(value)) {
      const known = fieldSchema(resolveSchema(schema), key);
      if (known === undefined) continue;
      if (forbidsNull(field, known) && known.default === undefined) delete value[key];
      else dropNulls(field, known);
    }
  }
}

function fill(value: unknown, unresolved: Schema): void {
  const schema = resolveSchema(unresolved);
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return;
    value.forEach((item, index) => {
      if (forbidsNull(item, items) && items.default !== undefined) value[index] = structuredClone(items.default);
      fill(value[index], items);
    });
  } else if (isObject(value)) {
    for (const [key, property] of Object.entries(schema.properties ?? {})) {
      if (property.default === undefined) continue;
      if (!Object.hasOwn(value, key) || forbidsNull(value[key], property))
        value[key] = structuredClone(property.default);
    }
    for (const [key, field] of Object.entries(value)) {
      const known = fieldSchema(schema, key);
      if (known === undefined) continue;
      if (forbidsNull(field, known) && known.default !== undefined) value[key] = structuredClone(known.default);
      fill(value[key], known);
    }
  }
}
