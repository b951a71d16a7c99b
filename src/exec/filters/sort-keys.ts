/** `-k 2,3n`: which part of a line is compared, and how. */
import { invalid, shorten } from './errors.ts';
import { compareGeneral, compareHuman, compareMonths, compareNumbers } from './number-order.ts';
import { compareText } from './text.ts';
import { compareVersions } from './version-order.ts';

export interface KeyOrder {
  /** One of `n h V g M`; undefined: as text. */
  by?: string;
  reverse: boolean;
  fold: boolean;
  dictionary: boolean;
  printable: boolean;
  /** Leading blanks are not part of it, at its start and at its end. */
  skipStart: boolean;
  skipEnd: boolean;
}

/** Fields from 1; a character of 0 means the end of the field. */
interface Position {
  field: number;
  char: number;
}

export interface SortKey {
  start: Position;
  /** undefined: to the end of the line. */
  end: Position | undefined;
  order: KeyOrder;
}

export const PLAIN: KeyOrder = {
  reverse: false,
  fold: false,
  dictionary: false,
  printable: false,
  skipStart: false,
  skipEnd: false,
};

const FORM = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?$/;

/** A key that says nothing of its order takes the order of the whole sort. */
export function readKey(text: string, global: KeyOrder): SortKey {
  const parts = FORM.exec(text);
  if (parts === null)
    throw invalid('sort', `-k ${shorten(text)} is no key.`, 'Write it as -k FIELD[.CHAR][nrhVfb],FIELD.');
  const [, field, char, letters = '', endField, endChar, endLetters = ''] = parts;
  if (Number(field) === 0 || char === '0' || endField === '0')
    throw invalid('sort', `-k ${text}: fields and characters count from 1.`);
  const own = letters + endLetters;
  const order = own === '' ? global : readOrder(own, letters.includes('b'), endLetters.includes('b'));
  return {
    start: { field: Number(field), char: Number(char ?? 1) },
    end: endField === undefined ? undefined : { field: Number(endField), char: Number(endChar ?? 0) },
    order,
  };
}

export function readOrder(letters: string, skipStart: boolean, skipEnd: boolean): KeyOrder {
  const unknown = [...letters].find((letter) => !'nhVgMrfdib'.includes(letter));
  if (unknown !== undefined) throw invalid('sort', `'${unknown}' is no order of a key.`);
  const kinds = new Set([...letters].filter((letter) => 'nhVgM'.includes(letter)));
  if (kinds.size > 1) throw invalid('sort', `-${[...kinds].join('')} do not go together.`);
  const [by] = kinds;
  return {
    ...(by === undefined ? {} : { by }),
    reverse: letters.includes('r'),
    fold: letters.includes('f'),
    dictionary: letters.includes('d'),
    printable: letters.includes('i'),
    skipStart,
    skipEnd,
  };
}

const ORDERS: Readonly<Record<string, (a: string, b: string) => number>> = {
  n: compareNumbers,
  h: compareHuman,
  V: compareVersions,
  g: compareGeneral,
  M: compareMonths,
};

export function comparison({ by }: KeyOrder): (a: string, b: string) => number {
  return (by === undefined ? undefined : ORDERS[by]) ?? compareText;
}

/** The part of a line that a key is about, ready to be compared. */
export function keyText(line: string, { start, end, order }: SortKey, separator: string | undefined): string {
  const from = startOf(line, start, order.skipStart, separator);
  const to = end === undefined ? line.length : endOf(line, end, order.skipEnd, separator);
  const text = line.slice(from, Math.max(from, to));
  const kept = order.by === undefined || order.by === 'V' ? prepared(text, order) : text;
  return kept;
}

function prepared(text: string, { dictionary, printable, fold }: KeyOrder): string {
  let kept = text;
  if (dictionary) kept = kept.replace(/[^A-Za-z0-9 \t]+/g, '');
  else if (printable) kept = kept.replace(/[^ -~]+/g, '');
  return fold ? kept.replace(/[a-z]+/g, (letters) => letters.toUpperCase()) : kept;
}

function startOf(line: string, { field, char }: Position, skip: boolean, separator: string | undefined): number {
  let at = skipFields(line, field - 1, separator);
  if (skip) at = skipBlanks(line, at);
  return Math.min(line.length, at + char - 1);
}

function endOf(line: string, { field, char }: Position, skip: boolean, separator: string | undefined): number {
  if (char === 0) return fieldEnd(line, field, separator);
  let at = skipFields(line, field - 1, separator);
  if (skip) at = skipBlanks(line, at);
  return Math.min(line.length, at + char);
}

/** Where the field after `count` fields begins. Without a separator, the blanks in front belong to a field. */
function skipFields(line: string, count: number, separator: string | undefined): number {
  let at = 0;
  for (let field = 0; field < count && at < line.length; field += 1) {
    at = nextEnd(line, at, separator);
    if (separator !== undefined && at < line.length) at += separator.length;
  }
  return at;
}

function fieldEnd(line: string, count: number, separator: string | undefined): number {
  const at = skipFields(line, count - 1, separator);
  return at >= line.length ? line.length : nextEnd(line, at, separator);
}

function nextEnd(line: string, from: number, separator: string | undefined): number {
  if (separator !== undefined) {
    const found = line.indexOf(separator, from);
    return found === -1 ? line.length : found;
  }
  let at = skipBlanks(line, from);
  while (at < line.length && !isBlank(line[at])) at += 1;
  return at;
}

function skipBlanks(line: string, from: number): number {
  let at = from;
  while (at < line.length && isBlank(line[at])) at += 1;
  return at;
}

const isBlank = (char: string | undefined) => char === ' ' || char === '\t';
