/** Messages that JSON writes in a form of their own: times, quantities, ints-or-strings, free JSON, bare lists. */
import { goDuration, nanosOf } from './durations.ts';
import type { BackwardWriter } from './writer.ts';

const META = 'k8s.io.apimachinery.pkg.apis.meta.v1';
const EXTENSIONS = 'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1';

export const TIME = `${META}.Time`;
export const MICRO_TIME = `${META}.MicroTime`;
export const DURATION = `${META}.Duration`;
export const QUANTITY = 'k8s.io.apimachinery.pkg.api.resource.Quantity';
export const INT_OR_STRING = 'k8s.io.apimachinery.pkg.util.intstr.IntOrString';
export const PROPS = `${EXTENSIONS}.JSONSchemaProps`;
export const PROPS_OR_BOOL = `${EXTENSIONS}.JSONSchemaPropsOrBool`;
export const PROPS_OR_ARRAY = `${EXTENSIONS}.JSONSchemaPropsOrArray`;
export const PROPS_OR_STRINGS = `${EXTENSIONS}.JSONSchemaPropsOrStringArray`;

/** Any JSON, as its text in field 1. */
export const FREE_JSON: ReadonlySet<string> = new Set([
  `${META}.FieldsV1`,
  'k8s.io.apimachinery.pkg.runtime.RawExtension',
  `${EXTENSIONS}.JSON`,
]);

/** A list of strings in JSON, in field 1. */
export const BARE_LISTS: ReadonlySet<string> = new Set([
  `${META}.Verbs`,
  'k8s.io.api.authentication.v1.ExtraValue',
  'k8s.io.api.authorization.v1.ExtraValue',
  'k8s.io.api.certificates.v1.ExtraValue',
]);

type EncodeNamed = (type: string, object: Readonly<Record<string, unknown>>, writer: BackwardWriter) => void;

/** Writes the members of a message that is one of these; false when it is none. */
export function encodeSpecial(type: string, value: unknown, writer: BackwardWriter, encodeNamed: EncodeNamed): boolean {
  if (FREE_JSON.has(type)) {
    if (value !== undefined) text(1, JSON.stringify(value), writer);
    return true;
  }
  if (BARE_LISTS.has(type)) {
    if (Array.isArray(value)) for (const item of value.toReversed()) text(1, String(item), writer);
    return true;
  }
  switch (type) {
    case TIME:
    case MICRO_TIME:
      time(value, type === MICRO_TIME, writer);
      return true;
    case DURATION:
      number(1, nanosOf(value), writer);
      return true;
    case QUANTITY:
      text(1, value === undefined ? '0' : String(value), writer);
      return true;
    case INT_OR_STRING:
      text(3, typeof value === 'string' ? value : '', writer);
      number(2, typeof value === 'number' ? value : 0, writer);
      number(1, typeof value === 'string' ? 1 : 0, writer);
      return true;
    case PROPS_OR_BOOL:
      if (isObject(value)) nested(2, PROPS, value, writer, encodeNamed);
      number(1, value === false ? 0 : 1, writer);
      return true;
    case PROPS_OR_ARRAY:
      if (Array.isArray(value)) for (const item of value.toReversed()) nested(2, PROPS, item, writer, encodeNamed);
      else if (isObject(value)) nested(1, PROPS, value, writer, encodeNamed);
      return true;
    case PROPS_OR_STRINGS:
      if (Array.isArray(value)) for (const item of value.toReversed()) text(2, String(item), writer);
      else if (isObject(value)) nested(1, PROPS, value, writer, encodeNamed);
      return true;
    default:
      return false;
  }
}

/** Seconds and nanoseconds; no time at all is an empty message. */
function time(value: unknown, micro: boolean, writer: BackwardWriter): void {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) return;
  const seconds = Math.floor(ms / 1000);
  const digits = micro ? (/\.(\d{1,6})/.exec(String(value))?.[1] ?? '') : '';
  number(2, Number(digits.padEnd(6, '0')) * 1000, writer);
  number(1, seconds, writer);
}

function text(field: number, value: string, writer: BackwardWriter): void {
  const before = writer.length;
  writer.text(value);
  writer.close(field, before);
}

function number(field: number, value: number, writer: BackwardWriter): void {
  writer.varint(value);
  writer.tag(field, 0);
}

function nested(field: number, type: string, value: unknown, writer: BackwardWriter, encodeNamed: EncodeNamed): void {
  const before = writer.length;
  encodeNamed(type, isObject(value) ? value : {}, writer);
  writer.close(field, before);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a decoded message of these is in JSON; `fields` holds what its numbers held. */
export function decodeSpecial(type: string, fields: SpecialFields): { value: unknown } | undefined {
  if (FREE_JSON.has(type)) {
    const raw = fields.texts(1)[0];
    return { value: raw === undefined ? undefined : JSON.parse(raw) };
  }
  if (BARE_LISTS.has(type)) return { value: fields.texts(1) };
  switch (type) {
    case TIME:
    case MICRO_TIME:
      return { value: timeText(fields.number(1), fields.number(2), type === MICRO_TIME) };
    case DURATION:
      return { value: goDuration(fields.number(1) ?? 0) };
    case QUANTITY:
      return { value: fields.texts(1)[0] ?? '0' };
    case INT_OR_STRING:
      return { value: fields.number(1) === 1 ? (fields.texts(3)[0] ?? '') : (fields.number(2) ?? 0) };
    case PROPS_OR_BOOL:
      return { value: fields.messages(2, PROPS)[0] ?? fields.number(1) === 1 };
    case PROPS_OR_ARRAY:
      return { value: fields.messages(1, PROPS)[0] ?? fields.messages(2, PROPS) };
    case PROPS_OR_STRINGS:
      return { value: fields.messages(1, PROPS)[0] ?? fields.texts(2) };
    default:
      return undefined;
  }
}

export interface SpecialFields {
  number(field: number): number | undefined;
  texts(field: number): readonly string[];
  messages(field: number, type: string): readonly unknown[];
}

/** Undefined for no time at all. */
function timeText(seconds: number | undefined, nanos = 0, micro = false): string | undefined {
  if (seconds === undefined) return undefined;
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return undefined;
  const text = date.toISOString().slice(0, 19);
  return micro ? `${text}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z` : `${text}Z`;
}
