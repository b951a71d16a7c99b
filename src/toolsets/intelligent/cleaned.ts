import { cleanText } from '../../kernel/text/clean.ts';

/** UTF-16 units of one text, and of one line of an answer. */
const MOST_TEXT = 400;
const MOST_LINE = 600;

/**
 * Every text of a typed answer as it may be shown: names and messages of the cluster are data that anybody wrote. What is clean as it
 * is, nearly all, is handed back and not copied.
 */
export function cleaned<T>(value: T): T {
  if (typeof value === 'string') return cleanText(value, { maxLine: MOST_TEXT }) as T;
  if (typeof value !== 'object' || value === null) return value;
  return (Array.isArray(value) ? cleanedItems(value) : cleanedFields(value)) as T;
}

function cleanedItems(items: readonly unknown[]): readonly unknown[] {
  let changed = false;
  const clean = items.map((item) => {
    const made = cleaned(item);
    changed ||= made !== item;
    return made;
  });
  return changed ? clean : items;
}

function cleanedFields(fields: object): object {
  let changed = false;
  const clean = Object.entries(fields).map(([key, item]): [string, unknown] => {
    const name = cleanText(key);
    const made = cleaned(item);
    changed ||= name !== key || made !== item;
    return [name, made];
  });
  return changed ? Object.fromEntries(clean) : fields;
}

/** A line stays one: a message with line ends must not look like lines of the answer. */
export const cleanLine = (line: string): string => cleanText(line, { maxLine: MOST_LINE }).replace(/\n+/g, ' ');
