/** Label selectors as objects carry them. */
import type { LabelSelector } from './shapes.ts';

type Labels = Readonly<Record<string, string>>;

/** No selector selects nothing, an empty one everything. */
export function selects(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
  if (selector === undefined) return false;
  return (
    selectsExactly(selector.matchLabels ?? {}, labels) &&
    (selector.matchExpressions ?? []).every((expression) => fits(expression, labels))
  );
}

/** A selector that is a map: all of it must be there. Asked of every Service at every change of a pod, so it makes nothing. */
export function selectsExactly(selector: Labels, labels: Labels = {}): boolean {
  for (const key in selector) if (labels[key] !== selector[key]) return false;
  return true;
}

/** One requirement; `Gt` and `Lt` are those of node selectors. */
export function fits(
  { key, operator, values = [] }: { key: string; operator: string; values?: string[] },
  labels: Labels,
): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
    case 'Lt':
      return compares(value, operator, values[0]);
    default:
      return false;
  }
}

/** Whole numbers only, as in the real scheduler. */
function compares(value: string | undefined, operator: 'Gt' | 'Lt', bound: string | undefined): boolean {
  const integer = /^[+-]?\d+$/;
  if (value === undefined || bound === undefined || !integer.test(value) || !integer.test(bound)) return false;
  return operator === 'Gt' ? Number(value) > Number(bound) : Number(value) < Number(bound);
}

/** Printed as apimachinery prints a selector: `app=x,tier in (a,b)`. */
export function selectorText(selector: LabelSelector): string {
  const parts = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({ key, text: `${key}=${value}` }));
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const sorted = values.toSorted().join(',');
    const texts: Record<string, string> = {
      In: `${key} in (${sorted})`,
      NotIn: `${key} notin (${sorted})`,
      Exists: key,
      DoesNotExist: `!${key}`,
    };
    parts.push({ key, text: texts[operator] ?? key });
  }
  return parts
    .toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    .map(({ text }) => text)
    .join(',');
}
