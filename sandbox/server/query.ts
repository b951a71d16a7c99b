/** Values of a query as apimachinery converts them, and refuses them. */
import { badRequest } from '../api/failure.ts';

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/** Absence, `0` and `false` are false; everything else is true, the empty string too. */
export function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value !== '0' && value.toLowerCase() !== 'false';
}

/** A decimal 64-bit number; a 400 in the words of `strconv.ParseInt` for anything else. */
export function integer(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  const quoted = JSON.stringify(value);
  if (!/^[+-]?[0-9]+$/.test(value)) throw badRequest(`strconv.ParseInt: parsing ${quoted}: invalid syntax`);
  const number = BigInt(value.startsWith('+') ? value.slice(1) : value);
  if (number > MAX_INT64 || number < MIN_INT64) {
    throw badRequest(`strconv.ParseInt: parsing ${quoted}: value out of range`);
  }
  return Number(number);
}

/** A value that is there and not empty. */
export function text(query: URLSearchParams, name: string): string | undefined {
  return query.get(name) || undefined;
}

/** The keys of `names` that are there and not empty, as an object. */
export function pick<K extends string>(query: URLSearchParams, names: readonly K[]): { [P in K]?: string } {
  const found: { [P in K]?: string } = {};
  for (const name of names) {
    const value = query.get(name);
    if (value) found[name] = value;
  }
  return found;
}
