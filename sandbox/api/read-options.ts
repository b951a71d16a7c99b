/** The query of a list or watch, read and checked in the order and words of the real server. */
import { ApiFailure, badRequest, type FieldError, invalid } from './failure.ts';
import { type FieldSelector, fieldSelector, parseFieldTerms } from './field-selector.ts';
import { type LabelSelector, parseLabelSelector } from './label-selector.ts';
import type { ListQuery, Scope } from './types.ts';

export interface ReadOptions {
  labels: LabelSelector;
  fields: FieldSelector;
  /** 0: none. */
  limit: number;
  /** 0: not given. */
  timeoutSeconds: number;
  /** '' when not given; not yet parsed, because lists and watches refuse a bad one differently. */
  resourceVersion: string;
  match: '' | 'Exact' | 'NotOlderThan';
  continueToken: string;
  sendInitialEvents: boolean | undefined;
}

/** Go's limits of 64 bits. */
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;

/** Throws `ApiFailure`. `selectable`: the paths of a custom kind's `selectableFields`. */
export function readOptions(
  scope: Scope,
  query: ListQuery,
  watch: boolean,
  selectable: readonly string[],
): ReadOptions {
  const timeoutSeconds = integer(query.timeoutSeconds);
  const limit = Math.max(0, integer(query.limit));
  const labels = parseLabelSelector(query.labelSelector);
  const terms = parseFieldTerms(query.fieldSelector);
  const resourceVersion = query.resourceVersion ?? '';
  let match = query.resourceVersionMatch ?? '';
  let sendInitialEvents = flag(query.sendInitialEvents);
  const continueToken = query.continue ?? '';
  // A watch from no or any version has always begun with what there is.
  const fromAny = resourceVersion === '' || resourceVersion === '0';
  if (watch && sendInitialEvents === undefined && match === '' && fromAny) {
    sendInitialEvents = true;
    match = 'NotOlderThan';
  }
  const given = { resourceVersion, match, continueToken, sendInitialEvents };
  const errors = watch ? watchErrors(given) : listErrors(given);
  if (errors.length > 0) throw invalid({ kind: 'ListOptions', group: 'meta.k8s.io' }, '', errors);
  if (match !== '' && match !== 'Exact' && match !== 'NotOlderThan') throw badRequest(`unknown match ${match}`);
  const fields = fieldSelector(terms, scope.resource, selectable);
  return { labels, fields, limit, timeoutSeconds, resourceVersion, match, continueToken, sendInitialEvents };
}

interface Given {
  resourceVersion: string;
  match: string;
  continueToken: string;
  sendInitialEvents: boolean | undefined;
}

const MATCH = 'resourceVersionMatch';

function forbidden(field: string, why: string): FieldError {
  return { reason: 'FieldValueForbidden', field, message: `Forbidden: ${why}` };
}

function unsupported(match: string, supported: readonly string[]): FieldError {
  const values = supported.map((value) => JSON.stringify(value)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(match)}: supported values: ${values}`;
  return { reason: 'FieldValueNotSupported', field: MATCH, message };
}

const WITH_CONTINUE = forbidden(MATCH, `${MATCH} is forbidden when continue is provided`);

function listErrors({ resourceVersion, match, continueToken, sendInitialEvents }: Given): FieldError[] {
  const errors: FieldError[] = [];
  if (match !== '') {
    if (resourceVersion === '') {
      errors.push(forbidden(MATCH, `${MATCH} is forbidden unless resourceVersion is provided`));
    }
    if (continueToken !== '') errors.push(WITH_CONTINUE);
    if (match !== 'Exact' && match !== 'NotOlderThan') errors.push(unsupported(match, ['Exact', 'NotOlderThan', '']));
    if (match === 'Exact' && resourceVersion === '0') {
      errors.push(forbidden(MATCH, `${MATCH} "exact" is forbidden for resourceVersion "0"`));
    }
  }
  if (sendInitialEvents !== undefined) {
    errors.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  }
  return errors;
}

function watchErrors({ match, continueToken, sendInitialEvents }: Given): FieldError[] {
  const errors: FieldError[] = [];
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan') {
    errors.push(forbidden(MATCH, `sendInitialEvents requires setting ${MATCH} to NotOlderThan`));
  }
  if (match !== '') {
    if (sendInitialEvents === undefined) {
      errors.push(forbidden(MATCH, `${MATCH} is forbidden for watch unless sendInitialEvents is provided`));
    }
    if (match !== 'NotOlderThan') errors.push(unsupported(match, ['NotOlderThan']));
    if (continueToken !== '') errors.push(WITH_CONTINUE);
  }
  return errors;
}

/** As Go's ParseInt reads 64 bits; 0 when not given. */
function integer(text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  const problem = !/^[+-]?\d+$/.test(text) ? 'invalid syntax' : undefined;
  if (problem === undefined) {
    const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
    if (value <= MAX_INT64 && value >= -MAX_INT64 - 1n) return Number(value);
  }
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${problem ?? 'value out of range'}`);
}

/** Only `0` and `false` are false. */
function flag(text: string | undefined): boolean | undefined {
  return text === undefined || text === '' ? undefined : text !== '0' && text.toLowerCase() !== 'false';
}

/** A resourceVersion of a query; 0 when not given. `wrong` makes the failure of what it says. */
export function parseRevision(text: string, wrong: (problem: string) => ApiFailure): number {
  if (text === '') return 0;
  const problem = !/^\d+$/.test(text) ? 'invalid syntax' : BigInt(text) > MAX_UINT64 ? 'value out of range' : undefined;
  if (problem === undefined) return Number(text);
  const quoted = JSON.stringify(text);
  throw wrong(`resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: ${problem}`);
}

/** The 504 for a version that is yet to come. `retryAfterSeconds` 0: the server does not say. */
export function tooLarge(asked: string, current: number, retryAfterSeconds = 1): ApiFailure {
  return new ApiFailure(504, 'Timeout', `Timeout: Too large resource version: ${BigInt(asked)}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    ...(retryAfterSeconds === 0 ? {} : { retryAfterSeconds }),
  });
}
