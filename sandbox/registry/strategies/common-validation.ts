/** Checks that many kinds share. `field` is where a finding is reported. */
import { compareQuantities } from '../../kinds/quantity.ts';
import type { Findings } from './field-errors.ts';
import { type Fields, fieldsOf, has, itemsOf, numberOf, semanticEqual, stringsOf, textOf, textsOf } from './fields.ts';
import {
  dnsLabelProblems,
  dnsSubdomainProblems,
  labelKeyProblems,
  labelValueProblems,
  percentProblems,
  portNameProblems,
  portNumberProblems,
} from './names.ts';

const IMMUTABLE = 'field is immutable';
/** The most bytes that all annotations of an object may have. */
const MAX_ANNOTATIONS = 256 * 1024;

/** Entries in the order of their keys: Go maps have none, and ours must not depend on the sender. */
export const sortedEntries = <T>(map: Record<string, T>): [string, T][] =>
  Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));

export function nonNegative(found: Findings, field: string, value: unknown): void {
  if (numberOf(value) < 0) found.invalid(field, value, 'must be greater than or equal to 0');
}

export function positive(found: Findings, field: string, value: number): void {
  if (value <= 0) found.invalid(field, value, 'must be greater than zero');
}

/** `value` is the new one; it is shown in the finding. */
export function immutable(found: Findings, field: string, value: unknown, old: unknown): void {
  if (!semanticEqual(value, old)) found.invalid(field, value ?? null, IMMUTABLE);
}

export function oneOf(found: Findings, field: string, value: unknown, supported: readonly string[]): void {
  if (!supported.includes(textOf(value))) found.notSupported(field, value ?? '', supported);
}

export const dnsLabel = (found: Findings, field: string, text: string) =>
  found.invalidEach(field, text, dnsLabelProblems(text));
export const dnsSubdomain = (found: Findings, field: string, text: string) =>
  found.invalidEach(field, text, dnsSubdomainProblems(text));
export const qualifiedName = (found: Findings, field: string, text: string) =>
  found.invalidEach(field, text, labelKeyProblems(text));

export function labels(found: Findings, field: string, map: unknown): void {
  for (const [key, value] of sortedEntries(textsOf(map))) {
    found.invalidEach(field, key, labelKeyProblems(key));
    found.invalidEach(field, value, labelValueProblems(value));
  }
}

export function annotations(found: Findings, field: string, map: unknown): void {
  let bytes = 0;
  for (const [key, value] of sortedEntries(textsOf(map))) {
    found.invalidEach(field, key, labelKeyProblems(key.toLowerCase()));
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (bytes > MAX_ANNOTATIONS) found.tooLong(field, MAX_ANNOTATIONS);
}

export function labelSelector(found: Findings, field: string, value: unknown): void {
  const selector = fieldsOf(value);
  labels(found, `${field}.matchLabels`, selector['matchLabels']);
  for (const [index, requirement] of itemsOf(selector['matchExpressions']).entries()) {
    selectorRequirement(found, `${field}.matchExpressions[${index}]`, requirement);
  }
}

function selectorRequirement(found: Findings, field: string, requirement: Fields): void {
  const values = stringsOf(requirement['values']);
  const operator = textOf(requirement['operator']);
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) found.required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) {
      found.forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    }
  } else found.invalid(`${field}.operator`, operator, 'not a valid selector operator');
  const key = textOf(requirement['key']);
  found.invalidEach(`${field}.key`, key, labelKeyProblems(key));
  for (const [index, text] of values.entries()) {
    found.invalidEach(`${field}.values[${index}]`, text, labelValueProblems(text));
  }
}

/** Whether a selector can be evaluated at all. */
export function isUsableSelector(value: unknown): boolean {
  return itemsOf(fieldsOf(value)['matchExpressions']).every((requirement) => {
    const operator = textOf(requirement['operator']);
    const count = stringsOf(requirement['values']).length;
    if (operator === 'In' || operator === 'NotIn') return count > 0;
    return (operator === 'Exists' || operator === 'DoesNotExist') && count === 0;
  });
}

export function isEmptySelector(value: unknown): boolean {
  const selector = fieldsOf(value);
  return Object.keys(fieldsOf(selector['matchLabels'])).length + itemsOf(selector['matchExpressions']).length === 0;
}

export function selectorMatches(value: unknown, map: Record<string, string>): boolean {
  const selector = fieldsOf(value);
  const plain = Object.entries(textsOf(selector['matchLabels'])).every(([key, text]) => map[key] === text);
  return (
    plain &&
    itemsOf(selector['matchExpressions']).every((requirement) => {
      const actual = map[textOf(requirement['key'])];
      const listed = actual !== undefined && stringsOf(requirement['values']).includes(actual);
      switch (requirement['operator']) {
        case 'In':
          return listed;
        case 'NotIn':
          return !listed;
        case 'Exists':
          return actual !== undefined;
        default:
          return actual === undefined;
      }
    })
  );
}

/** A port by number or by name. */
export function portNumberOrName(found: Findings, field: string, port: unknown): void {
  if (typeof port === 'string') found.invalidEach(field, port, portNameProblems(port));
  else found.invalidEach(field, numberOf(port), portNumberProblems(numberOf(port)));
}

export function nonNegativeIntOrPercent(found: Findings, field: string, value: unknown): void {
  if (typeof value === 'string') found.invalidEach(field, value, percentProblems(value));
  else nonNegative(found, field, value);
}

export function notOverAll(found: Findings, field: string, value: unknown): void {
  if (typeof value === 'string' && /^\d+%$/.test(value) && Number.parseInt(value, 10) > 100) {
    found.invalid(field, value, 'must not be greater than 100%');
  }
}

/** The number in an int-or-percent, whichever it is. */
export function intOrPercent(value: unknown): number {
  if (typeof value === 'string') return Number.parseInt(value, 10) || 0;
  return numberOf(value);
}

export function nonNegativeQuantity(found: Findings, field: string, quantity: string): void {
  if (compareQuantities(quantity, '0') < 0) found.invalid(field, quantity, 'must be greater than or equal to 0');
}

export function positiveQuantity(found: Findings, field: string, quantity: string): void {
  if (compareQuantities(quantity, '0') <= 0) found.invalid(field, quantity, 'must be greater than zero');
}

/** Whether an optional boolean is set to true. */
export const isTrue = (object: Fields, field: string) => has(object, field) && object[field] === true;
