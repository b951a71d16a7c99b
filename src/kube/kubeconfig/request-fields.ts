import type { Report } from './request-problems.ts';

/** One place in a caller's kubeconfig. */
export interface Spot {
  /** Dotted path, as problems name it. */
  field: string;
  value: unknown;
}

/** What a map may hold. Anything that is in none of the three is refused where `strict`, else passed over. */
export interface Shape {
  read: readonly string[];
  /** Present in many kubeconfigs, and without effect here. */
  ignored?: readonly string[];
  /** Why these are never taken. */
  refused?: Readonly<Record<string, string>>;
  strict: boolean;
}

/** The fields of a map that may be read; all others are reported. Empty for what is no map. */
export function readMap(spot: Spot, shape: Shape, report: Report): (name: string) => Spot {
  const map = isMap(spot.value) ? spot.value : {};
  if (!isMap(spot.value) && isPresent(spot.value))
    report({ field: spot.field, problem: 'must be a map of fields', kind: 'malformed' });
  for (const [key, value] of Object.entries(map)) reportField(spot, key, value, shape, report);
  return (name) => ({ field: join(spot.field, name), value: Object.hasOwn(map, name) ? map[name] : undefined });
}

function reportField(spot: Spot, key: string, value: unknown, shape: Shape, report: Report): void {
  const { read, ignored = [], refused = {}, strict } = shape;
  if (read.includes(key) || ignored.includes(key)) return;
  const reason = Object.hasOwn(refused, key) ? refused[key] : undefined;
  // As client-go reads them, absent.
  if (reason !== undefined && (!isPresent(value) || value === '')) return;
  const field = join(spot.field, shownKey(key));
  const meant = [...read, ...Object.keys(refused)].find((name) => plain(name) === plain(key));
  // Some reader takes it for the field that it looks like: a kubeconfig must not mean two things.
  if (reason !== undefined) report({ field, problem: reason, kind: 'refused' });
  else if (meant !== undefined) report({ field, problem: `is spelled \`${meant}\` in a kubeconfig`, kind: 'refused' });
  else if (strict) report({ field, problem: 'is not a field that is taken here; remove it', kind: 'refused' });
}

/** The items of a list; empty for what is none. */
export function readList(spot: Spot, report: Report): Spot[] {
  if (!isPresent(spot.value)) return [];
  if (Array.isArray(spot.value))
    return spot.value.map((value: unknown, index) => ({ field: `${spot.field}[${index}]`, value }));
  report({ field: spot.field, problem: 'must be a list', kind: 'malformed' });
  return [];
}

/** A string of printable text; undefined when absent, null or empty. `max`: characters. */
export function readText(spot: Spot, report: Report, max = 1024): string | undefined {
  const { field, value } = spot;
  if (!isPresent(value) || value === '') return undefined;
  const problem =
    typeof value !== 'string'
      ? 'must be a string; put it in quotes'
      : value.length > max
        ? `is longer than ${max} characters`
        : UNPRINTABLE.test(value)
          ? 'holds control or invisible characters'
          : undefined;
  if (problem === undefined && typeof value === 'string') return value;
  report({ field, problem: problem ?? 'must be a string', kind: 'malformed' });
  return undefined;
}

/** Control, format (direction, zero width), lone halves of characters, line and paragraph separators. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

export function readFlag(spot: Spot, report: Report): boolean {
  if (!isPresent(spot.value)) return false;
  if (typeof spot.value === 'boolean') return spot.value;
  report({ field: spot.field, problem: 'must be true or false', kind: 'malformed' });
  return false;
}

/** PEM text from base64; `block` is what one of its blocks must be. */
export function readPem(spot: Spot, block: RegExp, report: Report): string | undefined {
  const { field, value } = spot;
  const packed = typeof value === 'string' ? value.replace(/[ \r\n\t]/g, '') : value;
  // 1 MiB: the document's own cap is stricter.
  const encoded = readText({ field, value: packed }, report, 1024 * 1024);
  if (encoded === undefined) return undefined;
  const body = encoded.replace(/={1,2}$/, '');
  const text = Buffer.from(body, 'base64').toString('utf8');
  const problem =
    !/^[A-Za-z0-9+/]+$/.test(body) || encoded.length % 4 !== 0
      ? 'is not valid base64'
      : block.test(text) && !text.includes('\0')
        ? undefined
        : 'is not the PEM block that belongs there';
  if (problem === undefined) return text;
  report({ field, problem, kind: 'malformed' });
  return undefined;
}

/** Members of a map with free names. */
export function readMembers(spot: Spot, report: Report): [string, Spot][] {
  if (!isPresent(spot.value)) return [];
  if (isMap(spot.value)) {
    return Object.entries(spot.value).map(([key, value]) => [key, { field: `${spot.field}.(key)`, value }]);
  }
  report({ field: spot.field, problem: 'must be a map', kind: 'malformed' });
  return [];
}

export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`;
}

/** A key may be a value that slipped: only what looks like a field's name is repeated. */
function shownKey(key: string): string {
  return /^[A-Za-z][A-Za-z_-]{0,31}$/.test(key) ? key : '(unknown field)';
}

/** Look-alikes have this in common: full-width letters, case, dashes and blanks do not count. */
function plain(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
