/** `x-kubernetes-list-type`: sets hold no equal items, and maps no two with equal keys. */
import type { FieldError } from '../api/failure.ts';
import { resolveSchema } from './resolve.ts';
import type { Schema } from './schema.ts';

type Fields = Record<string, unknown>;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function listProblems(value: unknown, unresolved: Schema, path = ''): FieldError[] {
  const schema = resolveSchema(unresolved);
  if (Array.isArray(value)) return arrayProblems(value, schema, path);
  if (!isObject(value)) return [];
  const { properties, additionalProperties } = schema;
  return Object.entries(value).flatMap(([key, field]) => {
    if (properties !== undefined && Object.hasOwn(properties, key)) {
      const known = properties[key];
      return known === undefined ? [] : listProblems(field, known, path === '' ? key : `${path}.${key}`);
    }
    return typeof additionalProperties === 'object' ? listProblems(field, additionalProperties, `${path}[${key}]`) : [];
  });
}

function arrayProblems(list: readonly unknown[], schema: Schema, path: string): FieldError[] {
  const type = schema['x-kubernetes-list-type'];
  const own = type === 'set' ? repeated(list, path) : type === 'map' ? mapProblems(list, schema, path) : [];
  const { items } = schema;
  if (items === undefined) return own;
  return [...own, ...list.flatMap((item, index) => listProblems(item, items, `${path}[${index}]`))];
}

function mapProblems(list: readonly unknown[], schema: Schema, path: string): FieldError[] {
  const odd = list.findIndex((item) => item !== null && !isObject(item));
  if (odd >= 0) {
    const message = `Invalid value: ${JSON.stringify(list[odd])}: must be an object for an array of list-type map`;
    return [{ reason: 'FieldValueInvalid', field: `${path}[${odd}]`, message }];
  }
  // Keys sorted, as Go prints maps.
  const keys = [...(schema['x-kubernetes-list-map-keys'] ?? [])].sort();
  const identities = list.map((item) =>
    Object.fromEntries(keys.flatMap((key) => (isObject(item) && Object.hasOwn(item, key) ? [[key, item[key]]] : []))),
  );
  return repeated(identities, path);
}

/** Each value that stands more than once, told where it stands the second time. */
function repeated(values: readonly unknown[], path: string): FieldError[] {
  const times = new Map<string, number>();
  return values.flatMap((value, index): FieldError[] => {
    const text = JSON.stringify(value);
    const before = times.get(text) ?? 0;
    times.set(text, before + 1);
    if (before !== 1) return [];
    return [{ reason: 'FieldValueDuplicate', field: `${path}[${index}]`, message: `Duplicate value: ${text}` }];
  });
}
