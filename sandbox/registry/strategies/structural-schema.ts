/** Whether a schema of a CustomResourceDefinition is structural, as far as common mistakes go. */
import type { Findings } from './field-errors.ts';
import { type Fields, fieldsOf, has, itemsOf, textOf } from './fields.ts';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const MAX_DEPTH = 64;
type Place = 'root' | 'object fields' | 'array items';

export function structuralSchema(found: Findings, field: string, schema: Fields, present: boolean): void {
  if (!present) return;
  check(found, field, schema, 'root', 0);
}

function check(found: Findings, field: string, schema: Fields, place: Place, depth: number): void {
  if (depth > MAX_DEPTH) return;
  const type = textOf(schema['type']);
  const isFree =
    schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (type === '') {
    if (place === 'root') found.required(`${field}.type`, 'must not be empty at the root');
    else if (!isFree) found.required(`${field}.type`, `must not be empty for specified ${place}`);
  } else if (place === 'root' && type !== 'object') found.invalid(`${field}.type`, type, 'must be object at the root');
  else if (!TYPES.includes(type)) found.notSupported(`${field}.type`, type, TYPES);
  unsupported(found, field, schema, type);
  for (const [name, property] of Object.entries(fieldsOf(schema['properties'])).sort(([a], [b]) => (a < b ? -1 : 1))) {
    check(found, `${field}.properties[${name}]`, fieldsOf(property), 'object fields', depth + 1);
  }
  if (has(schema, 'items')) {
    if (Array.isArray(schema['items']))
      found.forbidden(`${field}.items`, 'items must be a schema object and not an array');
    else check(found, `${field}.items`, fieldsOf(schema['items']), 'array items', depth + 1);
  }
  const more = schema['additionalProperties'];
  if (typeof more === 'object' && more !== null) {
    if (has(schema, 'properties')) {
      found.forbidden(`${field}.additionalProperties`, 'additionalProperties and properties are mutual exclusive');
    }
    check(found, `${field}.additionalProperties`, fieldsOf(more), 'object fields', depth + 1);
  }
}

/** Parts of JSON Schema that a CustomResourceDefinition may not use. */
const FORBIDDEN = ['definitions', 'dependencies', 'patternProperties', 'additionalItems', 'id'];

function unsupported(found: Findings, field: string, schema: Fields, type: string): void {
  for (const part of FORBIDDEN) if (has(schema, part)) found.forbidden(`${field}.${part}`, `${part} is not supported`);
  if (has(schema, '$ref')) found.forbidden(`${field}.$ref`, '$ref is not supported');
  if (schema['uniqueItems'] === true) {
    const why = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    found.forbidden(`${field}.uniqueItems`, why);
  }
  if (type === 'array' && !has(schema, 'items') && schema['x-kubernetes-preserve-unknown-fields'] !== true) {
    found.required(`${field}.items`, 'must be specified');
  }
  if (schema['x-kubernetes-list-type'] === 'map' && !has(schema, 'x-kubernetes-list-map-keys')) {
    const why = 'must not be empty if x-kubernetes-list-type is map';
    found.required(`${field}.x-kubernetes-list-map-keys`, why);
  }
  if (itemsOf(schema['x-kubernetes-validations']).some((rule) => textOf(rule['rule']).trim() === '')) {
    found.required(`${field}.x-kubernetes-validations[0].rule`, 'rule is not specified');
  }
}
