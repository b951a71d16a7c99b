/**
 * Objects as they look once Go has read and written them: empty optional fields vanish, plain structs are always there, quantities
 * are printed one way. The shapes of the types are data (`data/go-shapes.json`, made by `data/go-shapes.go` from the Go types).
 */
import { canonicalQuantity, resourceQuantity } from '../../kinds/quantity.ts';
import type { KubeObject } from '../../types.ts';
import shapes from './data/go-shapes.json' with { type: 'json' };

/**
 * How a Go value is written in JSON: `S` string, `i` integer, `f` float, `b` boolean, `B` bytes, `T`/`M` times, `Q` quantity,
 * `I` int-or-string, `R` anything, `@name` struct; `[x` list, `{x` map, `*x` pointer.
 */
interface GoType {
  /** The first of the letters and signs above. */
  code: string;
  /** Element of a list or map, target of a pointer. */
  of?: GoType;
  /** The name of a struct. */
  struct: string;
}

interface GoField {
  name: string;
  type: GoType;
  /** `?` leaves out what is empty in Go's eyes (structs never are), `~` what is zero; without either it is always sent. */
  omit: '' | '?' | '~';
  /** An empty list stays one: kinds that are stored as JSON. The others are stored as protobuf, which knows no difference to null. */
  keepsEmpty: boolean;
  /** A struct to Go, so never empty: an unset time is written as null. */
  isStruct: boolean;
  isContainer: boolean;
}

type Struct = readonly GoField[];

const structs = new Map<string, Struct>();

function typeOf(text: string): GoType {
  const code = text.charAt(0);
  if (code === '[' || code === '{' || code === '*') return { code, of: typeOf(text.slice(1)), struct: '' };
  return { code, struct: code === '@' ? text.slice(1) : '' };
}

/** Structs besides those of the API's own types. */
const ALWAYS_WRITTEN = '@QITM';
const CONTAINERS = '[{B';

function structOf(name: string): Struct {
  const known = structs.get(name);
  if (known !== undefined) return known;
  const raw: Readonly<Record<string, string>> = (shapes as Record<string, Record<string, string>>)[name] ?? {};
  const keepsEmpty = name.startsWith('apiextensions.') || name.startsWith('apiregistration.');
  const made = Object.entries(raw).map(([field, text]): GoField => {
    const last = text.at(-1);
    const omit = last === '?' || last === '~' ? last : '';
    const type = typeOf(omit === '' ? text : text.slice(0, -1));
    const isStruct = ALWAYS_WRITTEN.includes(type.code);
    return { name: field, type, omit, keepsEmpty, isStruct, isContainer: CONTAINERS.includes(type.code) };
  });
  structs.set(name, made);
  return made;
}

function isEmpty(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) {
    for (const _ in value) return false;
    return true;
  }
  return value === undefined || value === null || value === '' || value === 0 || value === false;
}

/** What Go holds when nothing was sent, as it writes it. */
function zero({ code, struct }: GoType): unknown {
  switch (code) {
    case 'S':
      return '';
    case 'i':
    case 'f':
    case 'I':
      return 0;
    case 'b':
      return false;
    case 'Q':
      return '0';
    case '@':
      return readStruct(struct, NOTHING);
    default:
      return null;
  }
}

const NOTHING: object = {};

/** One field of a struct after a round trip; undefined when it is not written. */
function readField(field: GoField, sent: unknown): unknown {
  const { type, omit, isStruct } = field;
  const isAbsent = sent === undefined || sent === null;
  // Most fields of most structs.
  if (isAbsent && omit === '?' && !isStruct) return undefined;
  const value = isAbsent ? zero(type) : read(type, sent);
  if (omit === '') return field.isContainer && isEmpty(value) && !field.keepsEmpty ? null : value;
  if (omit === '?' && isStruct) return value;
  if (type.code === '*') return value === null ? undefined : value;
  // Raw JSON is a struct to Go, and written as null when nothing was sent; those fields are optional and left out here.
  if (type.code === 'R') return value ?? undefined;
  return isEmpty(value) ? undefined : value;
}

function readStruct(name: string, sent: object): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const from = sent as Readonly<Record<string, unknown>>;
  for (const field of structOf(name)) {
    const given = from[field.name];
    const value = readField(field, given === undefined || !Object.hasOwn(from, field.name) ? undefined : given);
    if (value !== undefined) result[field.name] = value;
  }
  return result;
}

/** Maps are written in the order of their keys. */
function readMap(of: GoType, sent: object): Record<string, unknown> {
  const entries = Object.entries(sent);
  if (entries.length > 1) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  const inner = of.code === 'Q' ? RESOURCE : of;
  for (const entry of entries) entry[1] = entry[1] === null ? zero(of) : read(inner, entry[1]);
  return Object.fromEntries(entries);
}

function read({ code, of, struct }: GoType, sent: unknown): unknown {
  switch (code) {
    case '[':
      return Array.isArray(sent) && of !== undefined
        ? sent.map((item) => (item === null ? zero(of) : read(of, item)))
        : sent;
    case '{':
      return isObject(sent) && of !== undefined ? readMap(of, sent) : sent;
    case '*':
      return of === undefined ? sent : read(of, sent);
    case 'Q':
      return typeof sent === 'string' || typeof sent === 'number' ? canonicalQuantity(String(sent)) : sent;
    case 'q':
      return typeof sent === 'string' || typeof sent === 'number' ? resourceQuantity(String(sent)) : sent;
    case '@':
      return isObject(sent) ? readStruct(struct, sent) : sent;
    default:
      return sent;
  }
}

/** Maps of quantities are lists of resources. */
const RESOURCE: GoType = { code: 'q', struct: '' };

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Brings `object` into canonical form, in place. `type` is a name of the data: `core.Pod`. */
export function canonicalise(type: string, object: KubeObject): void {
  const clean = readStruct(type, object);
  for (const field of Object.keys(object)) {
    if (field !== 'apiVersion' && field !== 'kind') delete object[field];
  }
  Object.assign(object, clean);
}

/** What a struct of this type looks like when nothing is set. */
export function zeroStruct(type: string): Record<string, unknown> {
  return readStruct(type, {});
}
