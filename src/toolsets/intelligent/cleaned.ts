import { cleanText } from '../../kernel/text/clean.ts';

/** UTF-16 units of one text, and of one line of an answer. */
const MOST_TEXT = 400;
const MOST_LINE = 600;

/** Every text of a typed answer as it may be shown: names and messages of the cluster are data that anybody wrote. */
export function cleaned<T>(value: T): T {
  if (typeof value === 'string') return cleanText(value, { maxLine: MOST_TEXT }) as T;
  if (Array.isArray(value)) return value.map(cleaned) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [cleanText(key), cleaned(item)])) as T;
}

/** A line stays one: a message with line ends must not look like lines of the answer. */
export const cleanLine = (line: string): string => cleanText(line, { maxLine: MOST_LINE }).replace(/\n+/g, ' ');
