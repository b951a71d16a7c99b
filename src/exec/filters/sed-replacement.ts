/** The right side of `s/re/text/`. */
import { invalid, refused } from './errors.ts';
import { CONTROLS } from './regex/bracket.ts';

/** Text, or the number of a group; 0 is the whole match. */
export type Part = string | number;

export function readReplacement(text: string, groups: number): Part[] {
  const parts: Part[] = [];
  for (const [found, escaped] of text.matchAll(/\\(.?)|&|[^\\&]+/gsu)) {
    if (found === '&') parts.push(0);
    else if (escaped === undefined) parts.push(found);
    else parts.push(readEscape(escaped, groups));
  }
  return parts;
}

function readEscape(char: string, groups: number): Part {
  if (/^\d$/.test(char)) {
    if (Number(char) > groups)
      throw invalid('sed', `\\${char} in the text of s, but the pattern has ${groups} groups.`);
    return Number(char);
  }
  if ('ULEul'.includes(char) && char !== '') throw refused('sed', `\\${char} in the text of s is not available.`);
  if (char === 'c' || char === 'x' || char === 'o' || char === 'd')
    throw refused('sed', `\\${char} in the text of s is not available.`, 'Write the character itself.');
  return CONTROLS[char] ?? char;
}
