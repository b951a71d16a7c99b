/** The sets of tr: `a-z`, `[:upper:]`, `\n`, `\101`, `[x*5]`. */
import { invalid, shorten } from './errors.ts';

export interface TrSet {
  /** In order, with repeats. */
  list: readonly string[];
  members: ReadonlySet<string>;
  classes: readonly string[];
}

/** Longest set. */
const MAX_SET = 70_000;

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[0-9A-Za-z]/,
  alpha: /[A-Za-z]/,
  blank: /[\t ]/,
  cntrl: /[\0-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[\t-\r ]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};

export const isCaseClass = (name: string) => name === 'lower' || name === 'upper';

type Item = { kind: 'char'; char: string; escaped: boolean } | { kind: 'many'; chars: string[]; className?: string };

/** `length`: what `[x*]` fills up to. */
export function readSet(text: string, length = 0): TrSet {
  const items = readItems(text, length);
  const list: string[] = [];
  const classes: string[] = [];
  for (let at = 0; at < items.length; at += 1) {
    const item = items[at];
    const dash = items[at + 1];
    const end = items[at + 2];
    if (item?.kind === 'many') {
      list.push(...item.chars);
      if (item.className !== undefined) classes.push(item.className);
    } else if (
      item !== undefined &&
      dash?.kind === 'char' &&
      dash.char === '-' &&
      !dash.escaped &&
      end?.kind === 'char'
    ) {
      list.push(...range(item.char, end.char));
      at += 2;
    } else if (item !== undefined) list.push(item.char);
    if (list.length > MAX_SET) throw invalid('tr', `the set '${shorten(text)}' is too large.`);
  }
  return { list, members: new Set(list), classes };
}

function readItems(text: string, length: number): Item[] {
  const items: Item[] = [];
  let at = 0;
  while (at < text.length) {
    const bracket = text[at] === '[' ? readBracket(text, at, length - items.length) : undefined;
    if (bracket !== undefined) {
      items.push(bracket.item);
      at = bracket.end;
      continue;
    }
    const { char, escaped, end } = readChar(text, at);
    items.push({ kind: 'char', char, escaped });
    at = end;
  }
  return items;
}

function readChar(text: string, at: number): { char: string; escaped: boolean; end: number } {
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (char !== '\\' || at + 1 === text.length) return { char, escaped: false, end: at + char.length };
  const octal = /^[0-3]?[0-7]{1,2}/.exec(text.slice(at + 1, at + 4))?.[0];
  if (octal !== undefined)
    return { char: String.fromCharCode(Number.parseInt(octal, 8)), escaped: true, end: at + 1 + octal.length };
  const next = String.fromCodePoint(text.codePointAt(at + 1) ?? 0);
  return { char: ESCAPES[next] ?? next, escaped: true, end: at + 1 + next.length };
}

function readBracket(text: string, at: number, missing: number): { item: Item; end: number } | undefined {
  const named = /^\[:([a-z]+):\]/.exec(text.slice(at, at + 16));
  if (named !== null) {
    const name = named[1] ?? '';
    const form = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
    if (form === undefined) throw invalid('tr', `unknown character class [:${name}:].`);
    const chars = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).filter((char) => form.test(char));
    return { item: { kind: 'many', chars, className: name }, end: at + named[0].length };
  }
  const equal = /^\[=(.)=\]/su.exec(text.slice(at, at + 8));
  if (equal !== null) return { item: { kind: 'many', chars: [equal[1] ?? ''] }, end: at + equal[0].length };
  return readRepeat(text, at, missing);
}

function readRepeat(text: string, at: number, missing: number): { item: Item; end: number } | undefined {
  if (at + 1 >= text.length) return undefined;
  const { char, end } = readChar(text, at + 1);
  const parts = /^\*(\d*)\]/.exec(text.slice(end, end + 12));
  if (parts === null) return undefined;
  const digits = parts[1] ?? '';
  const count = Number.parseInt(digits, digits.startsWith('0') ? 8 : 10) || Math.max(0, missing);
  if (count > MAX_SET) throw invalid('tr', `[${char}*${digits}] repeats too often.`);
  return { item: { kind: 'many', chars: Array.from({ length: count }, () => char) }, end: end + parts[0].length };
}

function range(from: string, to: string): string[] {
  const [low, high] = [from.codePointAt(0) ?? 0, to.codePointAt(0) ?? 0];
  if (low > high) throw invalid('tr', `the range ${from}-${to} is in reverse order.`);
  if (high - low > MAX_SET) throw invalid('tr', `the range ${from}-${to} is too large.`);
  return Array.from({ length: high - low + 1 }, (_, index) => String.fromCodePoint(low + index));
}
