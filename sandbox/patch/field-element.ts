/**
 * One step of a path into an object, written as FieldsV1 writes it: `f:name` a field, `k:{"name":"x"}` the item of a list with
 * these keys, `v:"x"` the item of a set, `i:0` an item by place. The text is canonical, so equal steps are equal texts.
 */
import { goJson, goText } from './go-text.ts';
import { isObject, type JsonObject } from './json.ts';

export type Element = string;
export type Path = readonly Element[];

/** The order of kinds of steps in a field set. */
const RANKS = 'fkvi';

/** Steps by name, so that each is one text whose hash is known; names of labels and keys of data may be anything. */
const fieldElements = new Map<string, Element>();
const MOST_KEPT = 10_000;

export function fieldElement(name: string): Element {
  let element = fieldElements.get(name);
  if (element === undefined) {
    if (fieldElements.size >= MOST_KEPT) fieldElements.clear();
    element = `f:${name}`;
    fieldElements.set(name, element);
  }
  return element;
}

/** Texts that are written in JSON as they are. */
const PLAIN = /^[A-Za-z0-9_./ -]*$/;

export function keyElement(keys: JsonObject): Element {
  let text = '';
  for (const name of Object.keys(keys).sort()) {
    const value = keys[name];
    const isPlain = typeof value === 'string' ? PLAIN.test(value) : Number.isSafeInteger(value);
    if (!isPlain || !PLAIN.test(name)) return `k:${goJson(keys)}`;
    text += `${text === '' ? '' : ','}"${name}":${typeof value === 'string' ? `"${value}"` : value}`;
  }
  return `k:{${text}}`;
}

export const valueElement = (value: unknown): Element => `v:${goJson(value)}`;

/** What a text from outside stands for; `unknown` is a kind of step of some future, and `invalid` is none at all. */
export function readElement(text: string): Element | 'unknown' | 'invalid' {
  if (text[1] !== ':') return 'invalid';
  const rest = text.slice(2);
  switch (text[0]) {
    case 'f':
      return text;
    case 'i':
      return /^[+-]?\d+$/.test(rest) ? `i:${Number(rest)}` : 'invalid';
    case 'k': {
      const keys = parsed(rest);
      return isObject(keys) ? keyElement(keys) : 'invalid';
    }
    case 'v': {
      const value = parsed(rest);
      return value === undefined ? 'invalid' : valueElement(value);
    }
    default:
      return 'unknown';
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `.spec.ports[containerPort=80,protocol="TCP"].name` */
export function pathText(path: Path): string {
  return path.map(elementText).join('');
}

export function elementText(element: Element): string {
  const rest = element.slice(2);
  switch (element[0]) {
    case 'f':
      return `.${rest}`;
    case 'k': {
      const keys = parsed(rest) as JsonObject;
      return `[${Object.keys(keys)
        .map((name) => `${name}=${valueText(keys[name])}`)
        .join(',')}]`;
    }
    case 'v':
      return `[=${valueText(parsed(rest))}]`;
    default:
      return `[${rest}]`;
  }
}

const valueText = (value: unknown) => (typeof value === 'string' ? JSON.stringify(value) : goText(value));

/** The order in which steps stand in a field set. */
export function compareElements(a: Element, b: Element): number {
  if (a === b) return 0;
  if (a[0] !== b[0]) return RANKS.indexOf(a[0] ?? '') - RANKS.indexOf(b[0] ?? '');
  if (a[0] === 'f') return compareText(a, b);
  const [left, right] = [a.slice(2), b.slice(2)];
  switch (a[0]) {
    case 'k':
      return compareKeys(parsed(left) as JsonObject, parsed(right) as JsonObject);
    case 'v':
      return compareValues(parsed(left), parsed(right));
    default:
      return Number(left) - Number(right);
  }
}

const SURROGATE = /[\ud800-\udfff]/;

/** Bytewise, as Go compares strings; the order of UTF-16 differs only where surrogates take part. */
function compareText(a: string, b: string): number {
  if (SURROGATE.test(a) || SURROGATE.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Key by key, each by name, then by value; the shorter one first. */
function compareKeys(a: JsonObject, b: JsonObject): number {
  const [left, right] = [Object.entries(a), Object.entries(b)];
  for (const [index, [name, value]] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const difference = compareText(name, other[0]) || compareValues(value, other[1]);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Numbers, then texts, then booleans, then the rest. */
function compareValues(a: unknown, b: unknown): number {
  const [left, right] = [rankOf(a), rankOf(b)];
  if (left !== right) return left - right;
  if (typeof a === 'number' || typeof a === 'boolean') return Number(a) - Number(b);
  return typeof a === 'string' ? compareText(a, String(b)) : compareText(goJson(a), goJson(b));
}

function rankOf(value: unknown): number {
  const rank = ['number', 'string', 'boolean'].indexOf(typeof value);
  return rank < 0 ? 3 : rank;
}
