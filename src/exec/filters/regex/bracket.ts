/** POSIX bracket expressions (`[a-z[:alpha:]]`) as RE2 classes. */
import { shorten } from '../errors.ts';

/** Whether a backslash in brackets escapes (awk, sed's \n and \t) or stands for itself (POSIX). */
export type BracketEscapes = 'none' | 'sed' | 'awk';

/** White space of C.UTF-8: no-break spaces are not among it. */
export const SPACE =
  '\\t-\\r \\x{85}\\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200a}\\x{2028}\\x{2029}\\x{205f}\\x{3000}';
/** What \w stands for. */
export const WORD = '\\p{L}\\p{N}_';

const PUNCTUATION = '!-/:-@\\[-`{-~\\p{P}\\p{S}';

const CLASSES: Readonly<Record<string, string>> = {
  alpha: '\\p{L}\\p{Nl}',
  digit: '0-9',
  alnum: '\\p{L}\\p{Nl}0-9',
  upper: '\\p{Lu}',
  lower: '\\p{Ll}',
  space: SPACE,
  blank: '\\t \\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200a}\\x{205f}\\x{3000}',
  punct: PUNCTUATION,
  print: `\\p{L}\\p{M}\\p{N} ${PUNCTUATION}`,
  graph: `\\p{L}\\p{M}\\p{N}${PUNCTUATION}`,
  cntrl: '\\x{00}-\\x{1f}\\x{7f}-\\x{9f}',
  xdigit: '0-9A-Fa-f',
};

type Item = { char: string } | { set: string };

/** The class that begins at `pattern[at] === '['`, and where it ends. Throws a plain message. */
export function readBracket(pattern: string, at: number, escapes: BracketEscapes): { source: string; end: number } {
  let position = at + 1;
  const negated = pattern[position] === '^';
  if (negated) position += 1;
  const first = position;
  let source = '';
  while (position < pattern.length) {
    if (pattern[position] === ']' && position > first)
      return { source: `[${negated ? '^' : ''}${source}]`, end: position + 1 };
    const low = readItem(pattern, position, escapes);
    position = low.end;
    const isRange = pattern[position] === '-' && pattern[position + 1] !== ']' && position + 1 < pattern.length;
    if (!isRange) {
      source += 'set' in low.item ? low.item.set : quote(low.item.char);
      continue;
    }
    const high = readItem(pattern, position + 1, escapes);
    position = high.end;
    source += range(low.item, high.item);
  }
  throw new Error(`unmatched [ in '${shorten(pattern)}'`);
}

function range(low: Item, high: Item): string {
  if ('set' in low || 'set' in high) throw new Error('a class cannot end a range');
  const order = (low.char.codePointAt(0) ?? 0) - (high.char.codePointAt(0) ?? 0);
  if (order > 0) throw new Error(`invalid range end in [${low.char}-${high.char}]`);
  return `${quote(low.char)}-${quote(high.char)}`;
}

function readItem(pattern: string, at: number, escapes: BracketEscapes): { item: Item; end: number } {
  const named = /^\[:([a-z]*):\]/.exec(pattern.slice(at, at + 16));
  if (named !== null) {
    const set = Object.hasOwn(CLASSES, named[1] ?? '') ? CLASSES[named[1] ?? ''] : undefined;
    if (set === undefined) throw new Error(`unknown character class [:${named[1]}:]`);
    return { item: { set }, end: at + named[0].length };
  }
  const equivalent = /^\[([=.])(.)\1\]/su.exec(pattern.slice(at, at + 8));
  if (equivalent !== null) return { item: { char: equivalent[2] ?? '' }, end: at + equivalent[0].length };
  if (pattern[at] === '\\' && escapes !== 'none') return readEscape(pattern, at, escapes);
  const char = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
  return { item: { char }, end: at + char.length };
}

function readEscape(pattern: string, at: number, escapes: BracketEscapes): { item: Item; end: number } {
  const next = pattern[at + 1];
  const control = CONTROLS[next ?? ''];
  if (control !== undefined) return { item: { char: control }, end: at + 2 };
  if (escapes === 'awk' && next !== undefined) return { item: { char: next }, end: at + 2 };
  return { item: { char: '\\' }, end: at + 1 };
}

/** Letters that sed and awk turn into control characters. */
export const CONTROLS: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  f: '\f',
  v: '\v',
  a: '\x07',
};

/** A literal character for RE2, inside brackets and out. */
export function quote(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (/[A-Za-z0-9]/.test(char) || code > 0x7f)
    return code >= 0xd800 && code < 0xe000 ? `\\x{${code.toString(16)}}` : char;
  return `\\x{${code.toString(16)}}`;
}
