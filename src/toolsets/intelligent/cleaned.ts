import { mapStrings } from '../../kernel/map-strings.ts';
import { cleanText } from '../../kernel/text/clean.ts';

/** UTF-16 units of one text, and of one line of an answer. */
const MOST_TEXT = 400;
const MOST_LINE = 600;

const CLEAN = {
  text: (text: string) => cleanText(text, { maxLine: MOST_TEXT }),
  key: (name: string) => cleanText(name),
};

/** Every text of a typed answer as it may be shown: names and messages of the cluster are data that anybody wrote. */
export const cleaned = <T>(value: T): T => mapStrings(value, CLEAN);

/** A line stays one: a message with line ends must not look like lines of the answer. */
export const cleanLine = (line: string): string => cleanText(line, { maxLine: MOST_LINE }).replace(/\n+/g, ' ');
