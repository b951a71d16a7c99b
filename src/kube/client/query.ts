import { AppError } from '../../kernel/errors.ts';
import type { ListQuery } from '../types.ts';

/** Longest selector or token sent, in characters: servers and proxies cut URLs near 8 KiB. */
const MAX_PARAMETER = 6_000;

type Value = string | number | boolean | undefined;

/** `path` with the parameters that are set, in the order given. */
export function withQuery(path: string, parameters: Readonly<Record<string, Value>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || value === '') continue;
    if (String(value).length > MAX_PARAMETER) {
      throw new AppError('invalid_argument', `${name} is longer than ${MAX_PARAMETER} characters.`, {
        remedy: `Shorten ${name}.`,
      });
    }
    query.append(name, String(value));
  }
  return query.size === 0 ? path : `${path}?${query}`;
}

/** The parameters of a LIST. `fieldSelector` is given apart, as policy may add terms to the caller's. */
export function listParameters(query: ListQuery, fieldSelector: string | undefined): Record<string, Value> {
  return {
    labelSelector: query.labelSelector,
    fieldSelector,
    limit: wholeNumber('limit', query.limit, 1),
    continue: query.continue,
    resourceVersion: query.resourceVersion,
    resourceVersionMatch: query.resourceVersion === undefined ? undefined : 'Exact',
  };
}

/** `value` when it is a whole number of at least `least`; throws `invalid_argument` otherwise. */
export function wholeNumber(name: string, value: number | undefined, least: number): number | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return value;
  throw new AppError('invalid_argument', `${name} must be a whole number of at least ${least}.`, {
    remedy: `Give ${name} as a whole number, or leave it out.`,
  });
}
