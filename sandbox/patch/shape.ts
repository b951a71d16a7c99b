/**
 * A schema as ownership of fields sees it: what is one value, what is a list of items with keys, what is a struct or a map.
 * Follows kube-openapi's conversion of schemas, so that ownership comes out as on the real server.
 */
import type { Schema } from '../kinds/schema.ts';
import { isObject, type JsonObject } from './json.ts';
import type { Resolve } from './patch-meta.ts';
import { zeroStructs } from './zero-structs.ts';

/** A value may be of one of several forms where a schema leaves it open. */
export interface Shape {
  readonly scalar?: 'string' | 'numeric' | 'boolean' | 'any';
  readonly list?: ListShape;
  readonly map?: MapShape;
}

export interface ListShape {
  /** `set`: items are scalars, and their own keys. */
  readonly kind: 'atomic' | 'set' | 'keyed';
  readonly keys: readonly string[];
  item(): Shape;
}

export interface MapShape {
  readonly atomic: boolean;
  /** A declared field of a struct. */
  field(name: string): FieldShape | undefined;
  /** Fields that a Go struct always shows, with what they are when nobody set them. */
  readonly zeros: ReadonlyMap<string, unknown>;
  /** What undeclared fields are; undefined where there may be none. */
  other(): Shape | undefined;
}

export interface FieldShape {
  shape(): Shape;
  readonly default: unknown;
  readonly required: boolean;
  readonly nullable: boolean;
  /** Go shows an unset time as null where it is no pointer. */
  readonly time: boolean;
  /** A map or list: Go leaves out an empty one that is optional. */
  readonly collection: boolean;
}

const NO_ZEROS: ReadonlyMap<string, unknown> = new Map();
const none = () => undefined;

/** Anything, as one value. */
const ATOMIC: Shape = {
  scalar: 'any',
  list: { kind: 'atomic', keys: [], item: () => ATOMIC },
  map: { atomic: true, field: none, zeros: NO_ZEROS, other: () => ATOMIC },
};

/** Anything, field by field; lists are one value. The shape of objects without a schema. */
export const DEDUCED: Shape = {
  scalar: 'any',
  list: { kind: 'atomic', keys: [], item: () => ATOMIC },
  map: { atomic: false, field: none, zeros: NO_ZEROS, other: () => DEDUCED },
};

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const NAMED: Readonly<Record<string, Shape>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { scalar: 'any' },
  'io.k8s.apimachinery.pkg.runtime.RawExtension': ATOMIC,
};

/** Shapes of the schemas of one resolver, each made once; `open` ones allow unknown fields everywhere beneath. */
interface Shapes {
  resolve: Resolve;
  closed: WeakMap<Schema, Shape>;
  open: WeakMap<Schema, Shape>;
  roots: WeakMap<Schema, Shape>;
}

const SHAPES = new WeakMap<Resolve, Shapes>();

/** The shape of a whole object; a custom kind's schema need not say what `metadata` is. */
export function objectShape(schema: Schema | undefined, resolve: Resolve): Shape {
  if (schema === undefined) return DEDUCED;
  let shapes = SHAPES.get(resolve);
  if (shapes === undefined) {
    shapes = { resolve, closed: new WeakMap(), open: new WeakMap(), roots: new WeakMap() };
    SHAPES.set(resolve, shapes);
  }
  let shape = shapes.roots.get(schema);
  if (shape === undefined) {
    shape = shapeOf(withMeta(schema, resolve), shapes, false);
    shapes.roots.set(schema, shape);
  }
  return shape;
}

function withMeta(schema: Schema, resolve: Resolve): Schema {
  const root = resolve(schema);
  const meta = root.properties?.metadata;
  if (meta !== undefined && resolve(meta).properties?.labels !== undefined) return schema;
  if (root.type !== undefined && root.type !== 'object') return schema;
  const text: Schema = { type: 'string' };
  return { ...root, properties: { apiVersion: text, kind: text, ...root.properties, metadata: { $ref: OBJECT_META } } };
}

/** Whether objects of this schema are Go structs on the real server: its own kinds, whose types have names. */
export function isStructured(schema: Schema | undefined): boolean {
  return schema !== undefined && typeName(schema)?.startsWith('io.k8s.') === true;
}

function typeName({ $ref, allOf }: Schema): string | undefined {
  const reference = $ref ?? (allOf?.length === 1 ? allOf[0]?.$ref : undefined);
  return reference?.slice(reference.lastIndexOf('/') + 1);
}

function shapeOf(schema: Schema, shapes: Shapes, inheritedOpen: boolean): Shape {
  const name = typeName(schema);
  const named = name === undefined ? undefined : NAMED[name];
  if (named !== undefined) return named;
  const target = shapes.resolve(schema);
  // A type of its own name does not inherit openness from where it is used.
  const open = (name === undefined && inheritedOpen) || target['x-kubernetes-preserve-unknown-fields'] === true;
  const relation = schema['x-kubernetes-map-type'];
  if (relation !== undefined && relation !== target['x-kubernetes-map-type']) {
    return makeShape({ ...target, 'x-kubernetes-map-type': relation }, shapes, open, name);
  }
  const made = open ? shapes.open : shapes.closed;
  let shape = made.get(target);
  if (shape === undefined) {
    shape = makeShape(target, shapes, open, name);
    made.set(target, shape);
  }
  return shape;
}

function makeShape(schema: Schema, shapes: Shapes, open: boolean, name: string | undefined): Shape {
  switch (schema.type) {
    case 'object':
      return { map: mapShape(schema, shapes, open, name) };
    case 'array':
      return { list: listShape(schema, shapes, open) };
    case 'integer':
    case 'number':
      return { scalar: 'numeric' };
    case 'boolean':
      return { scalar: 'boolean' };
    case 'string':
      return { scalar: schema.format === undefined || schema.format === 'byte' ? 'string' : 'any' };
    default:
      return { scalar: 'any', list: listShape(schema, shapes, open), map: mapShape(schema, shapes, open, name) };
  }
}

function listShape(schema: Schema, shapes: Shapes, open: boolean): ListShape {
  const { items } = schema;
  return {
    ...relationOf(schema),
    item: items === undefined ? () => ATOMIC : once(() => shapeOf(items, shapes, open)),
  };
}

function relationOf(schema: Schema): Pick<ListShape, 'kind' | 'keys'> {
  const type = schema['x-kubernetes-list-type'];
  if (type === 'map') return { kind: 'keyed', keys: schema['x-kubernetes-list-map-keys'] ?? [] };
  if (type !== undefined) return { kind: type, keys: [] };
  const strategy = schema['x-kubernetes-patch-strategy'] ?? '';
  if (!strategy.split(',').includes('merge')) return { kind: 'atomic', keys: [] };
  const key = schema['x-kubernetes-patch-merge-key'];
  return key === undefined ? { kind: 'set', keys: [] } : { kind: 'keyed', keys: [key] };
}

function mapShape(schema: Schema, shapes: Shapes, open: boolean, type: string | undefined): MapShape {
  const { properties = {}, additionalProperties, required = [] } = schema;
  const fields = new Map<string, FieldShape>();
  const zeros = new Map<string, unknown>();
  const structs = type === undefined ? [] : zeroStructs(type);
  for (const [name, property] of Object.entries(properties)) {
    const target = shapes.resolve(property);
    const isMap =
      target.type === 'object' && target.properties === undefined && target.additionalProperties !== undefined;
    const field: FieldShape = {
      shape: once(() => shapeOf(property, shapes, open)),
      default: property.default,
      required: required.includes(name),
      nullable: target.nullable === true,
      time: target.format === 'date-time',
      collection: isMap || target.type === 'array',
    };
    fields.set(name, field);
    const zero = structs.includes(name) ? {} : zeroOf(field, target);
    if (zero !== undefined) zeros.set(name, zero);
  }
  const free = open || Object.keys(properties).length === 0;
  return {
    atomic: schema['x-kubernetes-map-type'] === 'atomic',
    field: (name) => fields.get(name),
    zeros,
    other: once(() => {
      if (isObject(additionalProperties)) return shapeOf(additionalProperties, shapes, open);
      return (additionalProperties ?? free) ? DEDUCED : undefined;
    }),
  };
}

/** What a field of a Go struct is when nobody set it: published schemas tell by `required` and by defaults that are zero. */
function zeroOf({ default: given, required }: FieldShape, target: Schema): unknown {
  if (given === '' || given === 0 || given === false) return given;
  if (!required) return undefined;
  return target.type === 'array' || target.type === 'object' ? null : undefined;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The form that `value` has among those that the shape allows; the whole shape for null and what fits none. */
export function narrow(shape: Shape, value: unknown): Shape {
  if (Array.isArray(value)) return shape.list === undefined ? shape : { list: shape.list };
  if (isObject(value)) return shape.map === undefined ? shape : { map: shape.map };
  if (value === null || value === undefined || shape.scalar === undefined) return shape;
  return { scalar: shape.scalar };
}

/** The value of a field; where objects are structs, an empty optional collection is none, and zero values are there. */
export function fieldOf(object: JsonObject, name: string, map: MapShape, structured: boolean): unknown {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  if (!structured) return value;
  const field = map.field(name);
  if (value === null && field?.time) return null;
  if (value === undefined || value === null) return map.zeros.has(name) ? map.zeros.get(name) : undefined;
  return field?.collection && !field.required && isEmpty(value) ? undefined : value;
}

export function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}
