import { expect, test } from 'vitest';
import { prune } from './prune.ts';
import type { Schema } from './schema.ts';
import { applySchemaDefaults } from './schema-defaults.ts';
import { strictErrors } from './unknown-fields.ts';
import { validateSchema } from './validate-schema.ts';

const ofSpec = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  properties: { spec: { type: 'object', properties } },
});
/** What the real server of 1.36 printed for the same schema and value. */
const said = (schema: Schema, value: unknown) =>
  validateSchema({ spec: { x: value } }, ofSpec({ x: schema })).map(({ field, message }) => `${field}: ${message}`);

test.each<[Schema, unknown, string[]]>([
  [{ type: 'integer' }, 'a', ['spec.x: Invalid value: "string": spec.x in body must be of type integer: "string"']],
  [{ type: 'string' }, null, ['spec.x: Invalid value: "null": spec.x in body must be of type string: "null"']],
  [{ type: 'string', nullable: true }, null, []],
  [{ type: 'number' }, 3, []],
  [
    { type: 'integer', minimum: 1 },
    0,
    ['spec.x: Invalid value: 0: spec.x in body should be greater than or equal to 1'],
  ],
  [
    { type: 'integer', maximum: 10 },
    11,
    ['spec.x: Invalid value: 11: spec.x in body should be less than or equal to 10'],
  ],
  [
    { type: 'number', minimum: 0, exclusiveMinimum: true },
    0,
    ['spec.x: Invalid value: 0: spec.x in body should be greater than 0'],
  ],
  [
    { type: 'number', multipleOf: 0.5 },
    0.7,
    ['spec.x: Invalid value: 0.7: spec.x in body should be a multiple of 0.5'],
  ],
  [
    { type: 'integer', format: 'int32' },
    99999999999,
    ['<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec.x'],
  ],
  [
    { type: 'string', minLength: 2 },
    'a',
    ['spec.x: Invalid value: "a": spec.x in body should be at least 2 chars long'],
  ],
  [{ type: 'string', maxLength: 4 }, 'abcde', ['spec.x: Too long: may not be more than 4 bytes']],
  [
    { type: 'string', pattern: '^[a-z]+$' },
    'A',
    [`spec.x: Invalid value: "A": spec.x in body should match '^[a-z]+$'`],
  ],
  [{ type: 'string', enum: ['a', 'b'] }, 'c', ['spec.x: Unsupported value: "c": supported values: "a", "b"']],
  [{ type: 'integer', enum: [1, 2] }, 5, ['spec.x: Unsupported value: 5: supported values: "1", "2"']],
  [
    { type: 'array', minItems: 1, items: { type: 'integer' } },
    [],
    ['spec.x: Invalid value: 0: spec.x in body should have at least 1 items'],
  ],
  [{ type: 'array', maxItems: 2, items: {} }, [1, 2, 3], ['spec.x: Too many: 3: must have at most 2 items']],
  [{ type: 'object', required: ['a'], properties: { a: { type: 'string' } } }, {}, ['spec.x.a: Required value']],
  [
    { type: 'object', additionalProperties: { type: 'integer' } },
    { c: 'x' },
    ['spec.x.c: Invalid value: "string": spec.x.c in body must be of type integer: "string"'],
  ],
  [
    { type: 'object', oneOf: [{ required: ['a'] }, { required: ['b'] }] },
    { a: 1, b: 2 },
    ['<nil>: Invalid value: "": "spec.x" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
  ],
  [
    { type: 'object', anyOf: [{ required: ['a'] }, { required: ['b'] }] },
    {},
    ['<nil>: Invalid value: "": "spec.x" must validate at least one schema (anyOf)', 'spec.x.a: Required value'],
  ],
  [
    { type: 'string', not: { enum: ['bad'] } },
    'bad',
    ['<nil>: Invalid value: "": "spec.x" must not validate the schema (not)'],
  ],
  [{ 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] }, '5%', []],
  [
    { type: 'string', format: 'date-time' },
    '2020-01-01',
    ['spec.x: Invalid value: "2020-01-01": spec.x in body must be of type date-time: "2020-01-01"'],
  ],
  [
    { type: 'string', format: 'uri' },
    5,
    ['spec.x: Invalid value: "int64": spec.x in body must be of type uri: "int64"'],
  ],
  [
    { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
    ['a', 'b', 'a', 'a'],
    ['spec.x[2]: Duplicate value: "a"'],
  ],
  [
    {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: { type: 'object', properties: { k: { type: 'string' } } },
    },
    [{ k: 'a' }, { k: 'a' }],
    ['spec.x[1]: Duplicate value: {"k":"a"}'],
  ],
])('%j says of %j what the real server says', (schema, value, expected) => {
  expect(said(schema, value)).toEqual(expected);
});

test('pruning drops what the schema does not know, and keeps what it says to keep', () => {
  const object = {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name: 'x', foo: 1 },
    spec: { a: 'x', b: 1, free: { z: 1, inner: { a: 1, q: 1 } }, list: [{ a: 1, c: 2 }], map: { k: { a: 1, d: 1 } } },
    extra: 1,
  };
  const leaf: Schema = { type: 'object', properties: { a: {} } };
  prune(
    object,
    ofSpec({
      a: { type: 'string' },
      free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { inner: leaf } },
      list: { type: 'array', items: leaf },
      map: { type: 'object', additionalProperties: leaf },
    }),
  );
  expect(object).toEqual({
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name: 'x' },
    spec: { a: 'x', free: { z: 1, inner: { a: 1 } }, list: [{ a: 1 }], map: { k: { a: 1 } } },
  });
});

test('a schema that keeps unknown fields keeps whole lists, too', () => {
  const object = { spec: { any: [{ a: { b: 1 } }] } };
  prune(object, ofSpec({ any: { 'x-kubernetes-preserve-unknown-fields': true } }));
  expect(object).toEqual({ spec: { any: [{ a: { b: 1 } }] } });
});

test('defaults fill what is missing where the parent is there; nulls that may not be go', () => {
  const schema = ofSpec({
    on: { type: 'boolean', default: true },
    deep: { type: 'object', default: {}, properties: { x: { type: 'integer', default: 5 } } },
    absent: { type: 'object', properties: { y: { type: 'string', default: 'yy' } } },
    named: { type: 'string', default: 'dd' },
    may: { type: 'string', nullable: true },
    plain: { type: 'string' },
    list: { type: 'array', items: { type: 'object', properties: { p: { type: 'string', default: 'TCP' } } } },
  });
  const object = { spec: { named: null, may: null, plain: null, list: [{}] } };
  applySchemaDefaults(object, schema);
  expect(object).toEqual({ spec: { on: true, deep: { x: 5 }, named: 'dd', may: null, list: [{ p: 'TCP' }] } });
});

test('defaults are copies', () => {
  const schema = ofSpec({ deep: { type: 'object', default: { a: [] }, 'x-kubernetes-preserve-unknown-fields': true } });
  const one = { spec: {} as Record<string, unknown> };
  const two = { spec: {} as Record<string, unknown> };
  applySchemaDefaults(one, schema);
  applySchemaDefaults(two, schema);
  expect(one.spec['deep']).not.toBe(two.spec['deep']);
});

test('unknown fields of custom objects are told after duplicates, sorted', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'W',
    metadata: { name: 'x', foo: 1 },
    spec: { zz: 1, a: { q: 1 }, aa: 1 },
    qq: 1,
  };
  const schema = ofSpec({ a: { type: 'object' } });
  expect(strictErrors(object, schema, ['duplicate field "spec.a"'], 'custom')).toEqual([
    'duplicate field "spec.a"',
    'unknown field "metadata.foo"',
    'unknown field "qq"',
    'unknown field "spec.a.q"',
    'unknown field "spec.aa"',
    'unknown field "spec.zz"',
  ]);
});
