/** What makes a schema structural, and what structural schemas may not say: the findings of the real CRD validation. */
import { RE2JS } from 're2js';
import type { FieldError } from '../api/failure.ts';
import { Findings } from '../registry/strategies/field-errors.ts';
import type { Schema } from './schema.ts';
import { unknownFields } from './unknown-fields.ts';
import { validateSchema } from './validate-schema.ts';

type Level = 'root' | 'item' | 'field';
const EMPTY_TYPE: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};
const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
/** What alternatives may not say: that belongs to the schema around them. */
const FORBIDDEN_INSIDE: readonly (readonly [keyof Schema, string])[] = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
];
const EITHER_TYPE = JSON.stringify([{ type: 'integer' }, { type: 'string' }]);

/** Problems of the schema of a version, `path` being that of its root. */
export function schemaProblems(schema: Schema, path: string): FieldError[] {
  const structural = new Findings();
  // With a reference there is no structure to look at.
  if (!JSON.stringify(schema).includes('"$ref":')) {
    checkStructure(schema, 'root', path, structural);
    checkComplete(schema, schema, path, path, structural);
    if (structural.list.length === 0) checkDefaults(schema, path, structural);
  }
  const text = ({ field, message }: FieldError) => `${field}: ${message}`;
  structural.list.sort((a, b) => (text(a) < text(b) ? -1 : 1));
  const rules = new Findings();
  if (schema.nullable === true) rules.forbidden(`${path}.nullable`, 'nullable cannot be true at the root');
  checkRules(schema, path, rules);
  return [...structural.list, ...rules.list];
}

function checkStructure(schema: Schema, level: Level, path: string, found: Findings): void {
  const { type, items, properties = {}, additionalProperties, default: _default } = schema;
  if (type === 'array' && items === undefined) found.required(`${path}.items`, 'must be specified');
  if (items !== undefined) checkStructure(items, 'item', `${path}.items`, found);
  for (const [key, property] of Object.entries(properties)) {
    checkStructure(property, 'field', `${path}.properties[${key}]`, found);
  }
  if (additionalProperties !== undefined) {
    if (level === 'root') found.forbidden(`${path}.additionalProperties`, 'must not be used at the root');
    if (typeof additionalProperties === 'object') {
      checkStructure(additionalProperties, 'field', `${path}.additionalProperties`, found);
    }
  }
  checkExtensions(schema, path, found);
  checkValues(schema, path, found, true);
  checkType(schema, level, path, found);
  checkMeta(schema, level, path, found);
}

function checkExtensions(schema: Schema, path: string, found: Findings): void {
  if (schema['x-kubernetes-int-or-string'] !== true) return;
  for (const key of ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const) {
    if (schema[key] === true) {
      found.invalid(`${path}.${key}`, true, 'must be false if x-kubernetes-int-or-string is true');
    }
  }
}

function checkType(schema: Schema, level: Level, path: string, found: Findings): void {
  const { type } = schema;
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  if (embedded && type !== 'object') {
    const why = 'must be object if x-kubernetes-embedded-resource is true';
    if (type === undefined) found.required(`${path}.type`, why);
    else found.invalid(`${path}.type`, type, why);
  } else if (
    type === undefined &&
    schema['x-kubernetes-int-or-string'] !== true &&
    schema['x-kubernetes-preserve-unknown-fields'] !== true
  ) {
    found.required(`${path}.type`, EMPTY_TYPE[level]);
  }
  if (embedded && schema.additionalProperties !== undefined) {
    found.forbidden(`${path}.additionalProperties`, 'must not be used if x-kubernetes-embedded-resource is set');
  }
  if (level === 'root' && type !== undefined && type !== 'object') {
    found.invalid(`${path}.type`, type, 'must be object at the root');
  }
}

function checkMeta(schema: Schema, level: Level, path: string, found: Findings): void {
  const { properties = {} } = schema;
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  const typed = level === 'root' || embedded;
  for (const key of ['kind', 'apiVersion']) {
    const property = properties[key];
    if (typed && property !== undefined && property.type !== 'string') {
      found.invalid(`${path}.properties[${key}].type`, property.type ?? '', 'must be string');
    }
  }
  const { metadata } = properties;
  if (metadata !== undefined && typed && metadata.type !== 'object') {
    found.invalid(`${path}.properties[metadata].type`, metadata.type ?? '', 'must be object');
  }
  if (metadata !== undefined && level === 'root' && !isPlainMetadata(metadata)) {
    found.forbidden(
      `${path}.properties[metadata]`,
      'must not specify anything other than name and generateName, but metadata is implicitly specified',
    );
  }
  if (embedded && schema['x-kubernetes-preserve-unknown-fields'] !== true && Object.keys(properties).length === 0) {
    found.required(
      `${path}.properties`,
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
    );
  }
}

function isPlainMetadata({ type: _type, default: _default, properties = {}, ...rest }: Schema): boolean {
  const names = Object.keys(properties);
  return names.every((name) => name === 'name' || name === 'generateName') && Object.keys(rest).length === 0;
}

/** The alternatives; `outer` schemas of either-type fields may name both types there. */
function checkValues(schema: Schema, path: string, found: Findings, outer: boolean): void {
  const { anyOf = [], allOf = [], oneOf = [], not, pattern } = schema;
  const either = outer && JSON.stringify(anyOf) === EITHER_TYPE;
  if (!either) for (const [index, each] of anyOf.entries()) checkInside(each, `${path}.anyOf[${index}]`, found);
  for (const [index, each] of allOf.entries()) {
    const eitherFirst = outer && index === 0 && JSON.stringify(each.anyOf) === EITHER_TYPE;
    const { anyOf: _either, ...rest } = each;
    checkInside(eitherFirst ? rest : each, `${path}.allOf[${index}]`, found);
  }
  for (const [index, each] of oneOf.entries()) checkInside(each, `${path}.oneOf[${index}]`, found);
  if (not !== undefined) checkInside(not, `${path}.not`, found);
  if (pattern === undefined || pattern === '') return;
  try {
    RE2JS.compile(pattern);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'error parsing regexp';
    found.invalid(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${why}`);
  }
}

function checkInside(schema: Schema, path: string, found: Findings): void {
  checkValues(schema, path, found, false);
  if (schema.items !== undefined) checkInside(schema.items, `${path}.items`, found);
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    checkInside(property, `${path}.properties[${key}]`, found);
  }
  for (const [key, why] of FORBIDDEN_INSIDE) {
    const value = schema[key];
    if (value !== undefined && value !== false) found.forbidden(`${path}.${key}`, why);
  }
  if (schema.properties?.['metadata'] !== undefined) {
    found.forbidden(`${path}.properties[metadata]`, 'must not be specified in a nested context');
  }
}

/** Every field that an alternative at the root speaks of must be there outside, too. */
function checkComplete(outer: Schema | undefined, schema: Schema, path: string, at: string, found: Findings): void {
  const alternatives: [string, Schema][] = [
    ...(schema.not === undefined ? [] : [['not', schema.not] as [string, Schema]]),
    ...(['allOf', 'anyOf', 'oneOf'] as const).flatMap((key) =>
      (schema[key] ?? []).map((each, index): [string, Schema] => [`${key}[${index}]`, each]),
    ),
  ];
  for (const [name, each] of alternatives) checkDefined(outer, each, path, `${at}.${name}`, found);
}

function checkDefined(outer: Schema | undefined, inner: Schema, path: string, at: string, found: Findings): void {
  if (outer === undefined) {
    found.required(path, `because it is defined in ${at}`);
    return;
  }
  checkComplete(outer, inner, path, at, found);
  if (inner.items !== undefined) checkDefined(outer.items, inner.items, `${path}.items`, `${at}.items`, found);
  for (const [key, property] of Object.entries(inner.properties ?? {})) {
    const child = `.properties[${key}]`;
    checkDefined(outer.properties?.[key], property, path + child, at + child, found);
  }
}

/** Defaults must be valid themselves. */
function checkDefaults(schema: Schema, path: string, found: Findings): void {
  const { default: value, ...rest } = schema;
  const at = `${path}.default`;
  if (value !== undefined) {
    const problems = validateSchema(value, rest);
    const field = (below: string) => (below === '' ? at : `${at}.${below}`);
    found.append(problems.map((problem) => ({ ...problem, field: field(problem.field) })));
    if (problems.length === 0 && unknownFields(value, rest, 'custom').length > 0) {
      found.invalid(at, value, 'must not have unknown fields');
    }
  }
  for (const [child, each] of children(schema)) checkDefaults(each, path + child, found);
}

function checkRules(schema: Schema, path: string, found: Findings): void {
  const { type, uniqueItems, properties = {}, additionalProperties } = schema;
  if (type !== undefined && !TYPES.includes(type)) found.notSupported(`${path}.type`, type, TYPES);
  if (schema.$ref !== undefined) found.forbidden(`${path}.$ref`, '$ref is not supported');
  if (uniqueItems === true) {
    found.forbidden(
      `${path}.uniqueItems`,
      'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
    );
  }
  if (additionalProperties !== undefined && additionalProperties !== true && Object.keys(properties).length > 0) {
    found.forbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive');
  }
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    found.invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined');
  }
  checkListType(schema, path, found);
  for (const [child, each] of children(schema)) checkRules(each, path + child, found);
}

function children(schema: Schema): [string, Schema][] {
  const { items, properties = {}, additionalProperties, not } = schema;
  const lists = (['allOf', 'oneOf', 'anyOf'] as const).flatMap((key) =>
    (schema[key] ?? []).map((each, index): [string, Schema] => [`.${key}[${index}]`, each]),
  );
  return [
    ...(typeof additionalProperties === 'object'
      ? [['.additionalProperties', additionalProperties] as [string, Schema]]
      : []),
    ...Object.entries(properties).map(([key, each]): [string, Schema] => [`.properties[${key}]`, each]),
    ...(not === undefined ? [] : [['.not', not] as [string, Schema]]),
    ...lists,
    ...(items === undefined ? [] : [['.items', items] as [string, Schema]]),
  ];
}

function checkListType(schema: Schema, path: string, found: Findings): void {
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (listType !== undefined && schema.type !== 'array') {
    const why = 'must be array if x-kubernetes-list-type is specified';
    if (schema.type === undefined) found.required(`${path}.type`, why);
    else found.invalid(`${path}.type`, schema.type, why);
  }
  if (listType !== undefined && !['atomic', 'set', 'map'].includes(listType)) {
    found.notSupported(`${path}.x-kubernetes-list-type`, listType, ['atomic', 'set', 'map']);
  }
  if (keys.length > 0 && listType !== 'map') {
    const why = 'must be map if x-kubernetes-list-map-keys is non-empty';
    if (listType === undefined) found.required(`${path}.x-kubernetes-list-type`, why);
    else found.invalid(`${path}.x-kubernetes-list-type`, listType, why);
  }
  if (listType === 'map') checkMapKeys(schema, keys, path, found);
}

function checkMapKeys(schema: Schema, keys: readonly string[], path: string, found: Findings): void {
  const { items } = schema;
  if (keys.length === 0) {
    found.required(`${path}.x-kubernetes-list-map-keys`, 'must not be empty if x-kubernetes-list-type is map');
  }
  if (items === undefined) {
    found.required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map');
    return;
  }
  if (items.type !== 'object') {
    const why = "must be object if parent array's x-kubernetes-list-type is map";
    found.invalid(`${path}.items.type`, items.type ?? '', why);
    return;
  }
  for (const key of keys) {
    const property = items.properties?.[key];
    if (property === undefined) {
      found.invalid(`${path}.x-kubernetes-list-map-keys`, keys, 'entries must all be names of item properties');
    } else if (property.type === 'array' || property.type === 'object') {
      const why = "must be a scalar type if parent array's x-kubernetes-list-type is map";
      found.invalid(`${path}.items.properties[${key}].type`, items.type, why);
    }
  }
  for (const key of keys) {
    const property = items.properties?.[key];
    if (property !== undefined && property.default === undefined && !items.required?.includes(key)) {
      found.required(
        `${path}.items.properties[${key}].default`,
        'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
      );
    }
  }
}
