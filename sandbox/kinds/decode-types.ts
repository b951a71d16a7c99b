/** JSON of the wrong type for a field of a built-in kind, told in the words of Go's decoder. */
import { badRequest } from '../api/failure.ts';
import { goName } from './builtin-data.ts';
import { quantityProblem } from './quantity.ts';
import { resolveSchema } from './resolve.ts';
import type { Schema } from './schema.ts';
import { base64Problem, timeProblem } from './text-problems.ts';

type Fields = Record<string, unknown>;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const TIMES = new Set(['io.k8s.apimachinery.pkg.apis.meta.v1.Time', 'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime']);
/** Types that Go keeps as raw JSON. */
const RAW = /\.(RawExtension|FieldsV1|JSON|JSONSchemaPropsOr(Array|Bool|StringArray))$/;

/** Where a value stands: the struct and field that Go names in its errors. */
interface Place {
  /** The innermost struct, as OpenAPI calls it; '' at the top. */
  owner: string;
  struct: string;
  path: string;
  /** The field's type in Go, where the schema does not tell. */
  goType?: string;
}

/** Found out when something is wrong there: most values are right. */
type Where = () => Place;

/**
 * The first value that the kind's Go type cannot hold, as the 400 that the real server answers; undefined when all fit.
 * `schema` is `{ $ref }` of the kind.
 */
export function decodeFailure(object: Fields, schema: Schema, version: string, kind: string) {
  const problem = check(object, schema, () => ({ owner: '', struct: kind, path: '' }));
  if (problem === undefined) return undefined;
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${problem}`);
}

function check(value: unknown, schema: Schema, where: Where): string | undefined {
  // Null leaves any field as it is.
  if (value === null || value === undefined) return undefined;
  const { $ref = '' } = schema;
  const known = resolveSchema(schema);
  if ($ref !== '') {
    if (RAW.test($ref)) return undefined;
    if ($ref === QUANTITY) return quantityProblem(value);
    if (TIMES.has($ref)) return typeof value === 'string' ? timeProblem(value) : mismatch(value, 'string', where());
  }
  if (known['x-kubernetes-int-or-string'] === true) {
    return typeof value === 'string' ? undefined : integer(value, 'int32', where);
  }
  if (known.type === 'array') return checkArray(value, schema, where);
  if (known.type === 'object') return checkObject(value, schema, where);
  return checkScalar(value, known, schema, where);
}

function checkScalar(value: unknown, known: Schema, schema: Schema, where: Where): string | undefined {
  switch (known.type) {
    case 'string':
      if (typeof value !== 'string') return misplaced(value, schema, where());
      return known.format === 'byte' ? base64Problem(value) : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : mismatch(value, 'bool', where());
    case 'integer':
      return integer(value, known.format ?? 'int64', where);
    case 'number':
      return typeof value === 'number' ? undefined : mismatch(value, 'float64', where());
    default:
      return undefined;
  }
}

function checkArray(value: unknown, schema: Schema, where: Where): string | undefined {
  if (!Array.isArray(value)) return misplaced(value, schema, where());
  const { items } = resolveSchema(schema);
  if (items === undefined) return undefined;
  const inner = () => itemPlace(where());
  for (const item of value) {
    const problem = check(item, items, inner);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function checkObject(value: unknown, schema: Schema, where: Where): string | undefined {
  if (!isObject(value)) return misplaced(value, schema, where());
  const { properties, additionalProperties } = resolveSchema(schema);
  const owner = schema.$ref ?? '';
  const struct = owner.slice(owner.lastIndexOf('.') + 1);
  for (const [key, field] of Object.entries(value)) {
    const property = properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
    let problem: string | undefined;
    if (property !== undefined) problem = check(field, property, () => fieldPlace(where(), owner, struct, key));
    else if (typeof additionalProperties === 'object') {
      problem = check(field, additionalProperties, () => withoutType(where()));
    }
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function fieldPlace(place: Place, owner: string, struct: string, key: string): Place {
  const { t, e } = goName(owner, key);
  const name = e === undefined ? key : `${e}.${key}`;
  const path = place.path === '' ? name : `${place.path}.${name}`;
  return { owner, struct, path, ...(t === undefined ? {} : { goType: t }) };
}

function itemPlace(place: Place): Place {
  return place.goType?.startsWith('[]') ? { ...place, goType: place.goType.slice(2) } : withoutType(place);
}

const withoutType = ({ owner, struct, path }: Place): Place => ({ owner, struct, path });

const JSON_TYPES: Readonly<Record<string, string>> = { boolean: 'bool', number: 'number', string: 'string' };

const misplaced = (value: unknown, schema: Schema, place: Place) => mismatch(value, goType(schema, place), place);

function mismatch(value: unknown, type: string, { struct, path }: Place): string {
  const given = Array.isArray(value) ? 'array' : (JSON_TYPES[typeof value] ?? 'object');
  const where = path === '' ? `value of type ${type}` : `struct field ${struct}.${path} of type ${type}`;
  return `json: cannot unmarshal ${given} into Go ${where}`;
}

function integer(value: unknown, type: string, where: Where): string | undefined {
  if (typeof value !== 'number') return mismatch(value, type, where());
  const bits = type === 'int32' ? 31 : 63;
  const fits = Number.isInteger(value) && value >= -(2 ** bits) && value < 2 ** bits;
  if (fits) return undefined;
  const { struct, path } = where();
  return `json: cannot unmarshal number ${goNumber(value)} into Go struct field ${struct}.${path} of type ${type}`;
}

/** Whole numbers as their digits, which is how they are mostly sent; JavaScript goes over to exponents earlier than people do. */
function goNumber(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e25 ? BigInt(value).toString() : String(value);
}

/** `v1.PodSpec`, `[]v1.Container`, `map[string]string`: the Go type of a field. */
function goType(schema: Schema, { goType: named }: Pick<Place, 'goType'>): string {
  if (named !== undefined) return named;
  if (schema.$ref !== undefined) return schema.$ref.split('.').slice(-2).join('.');
  const { type, format, items, additionalProperties } = schema;
  if (type === 'array') return `[]${items === undefined ? 'interface {}' : goType(items, {})}`;
  if (type === 'object') {
    return `map[string]${typeof additionalProperties === 'object' ? goType(additionalProperties, {}) : 'interface {}'}`;
  }
  if (type === 'integer') return format ?? 'int64';
  if (type === 'boolean') return 'bool';
  if (type === 'string' && format === 'byte') return '[]uint8';
  return type === 'number' ? 'float64' : 'string';
}
