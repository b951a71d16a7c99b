/** A label selector as the query of a list writes it: `app=web,tier in (a,b),!old`. */
import { recordsAt, textAt, textsAt } from '../json.ts';

/** Of a LabelSelector, or of a plain map of labels. */
export function selectorText(selector: unknown, form: 'selector' | 'labels' = 'selector'): string {
  const labels = form === 'labels' ? textsAt({ selector }, 'selector') : textsAt(selector, 'matchLabels');
  const terms: [key: string, text: string][] = Object.entries(labels).map(([key, value]) => [key, `${key}=${value}`]);
  if (form === 'selector') {
    for (const term of recordsAt(selector, 'matchExpressions')) terms.push([textAt(term, 'key'), expression(term)]);
  }
  return terms
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, text]) => text)
    .join(',');
}

function expression(term: Record<string, unknown>): string {
  const key = textAt(term, 'key');
  const values: readonly unknown[] = Array.isArray(term['values']) ? term['values'] : [];
  const list = `(${values.map(String).sort().join(',')})`;
  switch (term['operator']) {
    case 'In':
      return `${key} in ${list}`;
    case 'NotIn':
      return `${key} notin ${list}`;
    case 'Exists':
      return key;
    default:
      return `!${key}`;
  }
}
