/** Label selectors as objects hold them. What is not understood selects nothing: an edge too many is worse than one too few. */
import type { Requirement, Selector } from '../types.ts';
import { isRecord, textOf } from './field-path.ts';

const MAX_REQUIREMENTS = 100;

/** `{matchLabels, matchExpressions}`; an empty one selects everything. undefined where it is none. */
export function selectorOf(value: unknown): Selector | undefined {
  if (!isRecord(value)) return undefined;
  const labels = value['matchLabels'] === undefined ? [] : requirementsOf(value['matchLabels']);
  const expressions = value['matchExpressions'] ?? [];
  if (labels === undefined || !Array.isArray(expressions) || expressions.length > MAX_REQUIREMENTS) return undefined;
  const found: Requirement[] = [...labels];
  for (const expression of expressions) {
    const requirement = expressionOf(expression);
    if (requirement === undefined) return undefined;
    found.push(requirement);
  }
  return found;
}

/** `{app: cart}`; undefined where it is none or empty. */
export function labelsOf(value: unknown): Selector | undefined {
  const found = requirementsOf(value);
  return found === undefined || found.length === 0 ? undefined : found;
}

function requirementsOf(value: unknown): Requirement[] | undefined {
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value);
  if (entries.length > MAX_REQUIREMENTS || entries.some(([, label]) => typeof label !== 'string')) return undefined;
  return entries.map(([key, label]) => ({ key, op: 'in', values: [textOf(label)] }));
}

function expressionOf(value: unknown): Requirement | undefined {
  if (!isRecord(value)) return undefined;
  const key = textOf(value['key']);
  const given = value['values'];
  const values = Array.isArray(given) ? given.filter((entry): entry is string => typeof entry === 'string') : [];
  if (key === '' || values.length > MAX_REQUIREMENTS) return undefined;
  switch (value['operator']) {
    case 'In':
      return values.length === 0 ? undefined : { key, op: 'in', values };
    case 'NotIn':
      return values.length === 0 ? undefined : { key, op: 'notIn', values };
    case 'Exists':
      return { key, op: 'exists' };
    case 'DoesNotExist':
      return { key, op: 'absent' };
    default:
      return undefined;
  }
}
