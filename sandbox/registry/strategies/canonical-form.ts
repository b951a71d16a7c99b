/**
 * Objects as they look once Go has read and written them: empty optional fields vanish, plain structs are always there, quantities
 * are printed one way. The shapes of the types are data (`data/go-shapes.json`, made by `data/go-shapes.go` from the Go types).
 */
import { canonicalQuantity } from '../../kinds/quantity.ts';
import type { KubeObject } from '../../types.ts';
import shapes from './data/go-shapes.json' with { type: 'json' };

/**
 * How a Go value is written in JSON: `S` string, `i` integer, `f` float, `b` boolean, `B` bytes, `T`/`M` times, `Q` quantity,
 * `I` int-or-string, `R` anything, `@name` struct; `[x` list, `{x` map, `*x` pointer.
 */
interface GoType {
  code: string;
  /** Element of a list or map, target of a pointer. */
  of?: GoType;
}

interface GoField {
  name: string;
  type: GoType;
  /** `?` leaves out what is empty in Go's eyes (structs never are), `~` what is zero; without either it is always sent. */
  omit: '' | '?' | '~';
  /** An empty list stays one: kinds that are stored as JSON. The others are stored as protobuf, which knows no difference to null. */
  keepsEmpty: boolean;
}

type Struct = readonly GoField[];

const structs = new Map<string, Struct>();

function typeOf(text: string): GoType {
  const first = text.charAt(0);
  if (first === '[' || first === '{' || first === '*') return { code: first, of: typeOf(text.slice(1)) };
  return { code: text };
}

function structOf(name: string): Struct {
  const known = structs.get(name);
  if (known !== undefined) return known;
  const raw: Readonly<Record<string, string>> = (shapes as Record<string, Record<string, string>>)[name] ?? {};
  const keepsEmpty = name.startsWith('apiextensions.') || name.startsWith('apiregistration.');
  const made = Object.entries(raw).map(([field, text]): GoField => {
    const last = text.at(-1);
    const omit = last === '?' || last === '~' ? last : '';
    return { name: field, type: typeOf(omit === '' ? text : text.slice(0, -1)), omit, keepsEmpty };
  });
  structs.set(name, made);
  return made;
}

const isEmpty = (value: unknown) =>
  value === undefined ||
  value === null ||
  value === '' ||
  value === 0 ||
  value === false ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** What Go holds when nothing was sent, as it writes it. */
function zero(type: GoType): unknown {
  switch (type.code) {
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
    default:
      return type.code.startsWith('@') ? readStruct(type.code.slice(1), {}) : null;
  }
}

/** Structs to Go, so never empty: an unset time is written as null. */
const ALWAYS_WRITTEN = ['Q', 'I', 'T', 'M'];

/** One field of a struct after a round trip; undefined when it is not written. */
function readField({ type, omit, keepsEmpty }: GoField, sent: unknown): unknown {
  const value = sent === undefined || sent === null ? zero(type) : read(type, sent);
  const isStruct = type.code.startsWith('@') || ALWAYS_WRITTEN.includes(type.code);
  const container = type.code === '[' || type.code === '{' || type.code === 'B';
  if (omit === '') return container && isEmpty(value) && !keepsEmpty ? null : value;
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
    const value = readField(field, Object.hasOwn(from, field.name) ? from[field.name] : undefined);
    if (value !== undefined) result[field.name] = value;
  }
  return result;
}

/** Maps are written in the order of their keys. */
function readMap(of: GoType, sent: object): Record<string, unknown> {
  const entries = Object.entries(sent).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, value]) => [key, value === null ? zero(of) : read(of, value)]));
}

function read(type: GoType, sent: unknown): unknown {
  const { code, of } = type;
  if (of !== undefined) {
    if (code === '[')
      return Array.isArray(sent) ? sent.map((item) => (item === null ? zero(of) : read(of, item))) : sent;
    if (code === '{') return isObject(sent) ? readMap(of, sent) : sent;
    return read(of, sent);
  }
  if (code === 'Q')
    return typeof sent === 'string' || typeof sent === 'number' ? canonicalQuantity(String(sent)) : sent;
  if (code.startsWith('@')) return isObject(sent) ? readStruct(code.slice(1), sent) : sent;
  return sent;
}

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
