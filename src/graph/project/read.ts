/** Reading objects of which nothing is sure: any field may have any type, any list any length, any text any size. Nothing here throws. */

export type Dict = Readonly<Record<string, unknown>>;

/** Longest text kept: messages of the cluster are hints, not documents. */
const MAX_TEXT = 300;
/** No list of the API that is read here is longer in a sane cluster; EndpointSlices hold 1,000 at most. */
const MAX_LIST = 2_000;
const MAX_ENTRIES = 500;

const NO_FIELDS: Dict = Object.freeze({});
const NO_ITEMS: readonly unknown[] = Object.freeze([]);

function isDict(value: unknown): value is Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function dict(value: unknown): Dict {
  return isDict(value) ? value : NO_FIELDS;
}

export function has(value: unknown): boolean {
  return isDict(value);
}

export function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) return NO_ITEMS;
  return value.length > MAX_LIST ? value.slice(0, MAX_LIST) : value;
}

/** At most 300 characters. */
export function text(value: unknown): string {
  return typeof value === 'string' ? cut(value) : '';
}

/** A name as it is: a cut one would name another object. Whoever makes a reference of it refuses the absurd ones. */
export function word(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

export function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

/** ms since the epoch; 0 where there is none. */
export function time(value: unknown): number {
  if (typeof value !== 'string' || value.length > 40) return 0;
  if (value === lastText) return lastTime;
  const at = timeOf(value);
  lastText = value;
  lastTime = at;
  return at;
}

/** Most objects tell one moment several times, in all their conditions. */
let lastText = '';
let lastTime = 0;

function timeOf(value: string): number {
  const at = SERVER_TIME.test(value) ? fromServerTime(value) : Date.parse(value);
  return Number.isNaN(at) ? 0 : at;
}

/** As metav1.Time is written: read by hand it takes a third of `Date.parse`, and each pod has half a dozen. */
const SERVER_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

function fromServerTime(value: string): number {
  const two = (at: number): number => value.charCodeAt(at) * 10 + value.charCodeAt(at + 1) - 528;
  return Date.UTC(two(0) * 100 + two(2), two(5) - 1, two(8), two(11), two(14), two(17));
}

/** IntOrString as text: `25%`, `1`, ''. */
export function intOrText(value: unknown): string {
  return typeof value === 'number' ? String(value) : text(value);
}

/** A port: a number, or the name of one. */
export function port(value: unknown): string | number {
  return typeof value === 'number' ? value : text(value);
}

/** Entries whose values are texts. */
export function texts(value: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  let count = 0;
  for (const [key, entry] of Object.entries(dict(value))) {
    if (typeof entry !== 'string') continue;
    if (++count > MAX_ENTRIES) break;
    found[cut(key)] = cut(entry);
  }
  return found;
}

/** A list's members that are texts. */
export function words(value: unknown): string[] {
  const found: string[] = [];
  for (const entry of list(value)) if (typeof entry === 'string') found.push(cut(entry));
  return found;
}

function cut(value: string): string {
  if (value.length <= MAX_TEXT) return value;
  // A slice keeps the whole of a long text alive: a copy does not.
  return Buffer.from(value.slice(0, MAX_TEXT)).toString();
}

/** The same list without the room that push makes ahead: seventeen places for the first member. */
export function exact<T>(list: readonly T[]): T[] {
  return list.slice();
}
