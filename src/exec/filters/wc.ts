/** wc: how much. */
import { refuseFiles } from './errors.ts';
import { readOptions } from './options.ts';
import { toBytes } from './text.ts';
import { DONE, type RunStage } from './types.ts';

const FILES = 'filters read only what the pipe brings.';

const TABLE = {
  letters: 'lwcmL',
  long: { lines: 'l', words: 'w', bytes: 'c', chars: 'm', 'max-line-length': 'L' },
  refused: { 'files0-from': FILES },
};

/** In the order in which wc prints them. */
const COUNTS: readonly [letter: string, count: (text: string) => number][] = [
  ['l', (text) => occurrences(text, '\n')],
  ['w', words],
  ['m', (text) => characters(text)],
  ['c', (text) => toBytes(text).length],
  ['L', longest],
];

/** Width of a column where the size of the input is not known beforehand. */
const WIDTH = 7;

export function wc(args: readonly string[]): RunStage {
  const { options, operands } = readOptions('wc', args, TABLE);
  refuseFiles('wc', operands);
  const letters = options.length === 0 ? ['l', 'w', 'c'] : options.map(({ name }) => name);
  const chosen = COUNTS.filter(([letter]) => letters.includes(letter));
  return (input, out) => {
    const numbers = chosen.map(([, count]) => String(count(input)));
    const named = operands.length > 0 ? ' -' : '';
    out.write(`${(numbers.length === 1 ? numbers : numbers.map((text) => text.padStart(WIDTH))).join(' ')}${named}\n`);
    return DONE;
  };
}

function occurrences(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) count += 1;
  return count;
}

/** Characters that only control (a bell) neither begin nor end a word. */
function words(text: string): number {
  let count = 0;
  let inside = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (
      code === 32 ||
      (code >= 9 && code <= 13) ||
      (code > 0x7f && /[\u1680\u2000-\u200a\u2028\u2029\u205f\u3000]/.test(text[at] ?? ''))
    )
      inside = false;
    else if (!inside && code > 32 && code !== 127) {
      inside = true;
      count += 1;
    }
  }
  return count;
}

function characters(text: string): number {
  let pairs = 0;
  for (let at = 0; at < text.length; at += 1) if ((text.charCodeAt(at) & 0xfc00) === 0xd800) pairs += 1;
  return text.length - pairs;
}

function longest(text: string): number {
  let width = 0;
  for (const line of text.split('\n')) width = Math.max(width, columns(line));
  return width;
}

/** A tab goes to the next multiple of eight. */
function columns(line: string): number {
  let width = 0;
  let most = 0;
  for (const char of line) {
    if (char === '\t') width += 8 - (width % 8);
    else if (char === '\r' || char === '\f') width = 0;
    else if (char >= ' ' && char !== '\x7f') width += 1;
    most = Math.max(most, width);
  }
  return most;
}
