/** The line at hand and its fields: split when first asked for, put together when a field was changed. */
import type { RE2JS } from 're2js';
import { compilePatterns, eachMatch } from '../regex/posix.ts';
import { Field, type Value } from './values.ts';

/** Most fields of a line. */
const MAX_FIELDS = 1_000_000;

/** By FS: blanks, one character, or a pattern. */
export function splitText(text: string, separator: string, patternOf: (source: string) => RE2JS): string[] {
  if (text === '') return [];
  if (separator === ' ') return text.split(/[ \t\n]+/).filter((field) => field !== '');
  if (separator === '') return [...text];
  if ([...separator].length === 1 && separator !== '\\') return text.split(separator);
  return splitBy(patternOf(separator), text);
}

export function splitBy(pattern: RE2JS, text: string): string[] {
  const fields: string[] = [];
  let from = 0;
  eachMatch(pattern, text, ({ start, end }) => {
    if (end === start) return true;
    fields.push(text.slice(from, start));
    from = end;
    return true;
  });
  fields.push(text.slice(from));
  return fields;
}

/** Patterns given as text, compiled once each. */
export class Patterns {
  readonly #compiled = new Map<string, RE2JS>();

  of(source: string): RE2JS {
    const known = this.#compiled.get(source);
    if (known !== undefined) return known;
    const pattern = compilePatterns([source], { dialect: 'extended', host: 'awk' });
    if (this.#compiled.size >= 100) this.#compiled.clear();
    this.#compiled.set(source, pattern);
    return pattern;
  }
}

export class Line {
  readonly #split: (text: string) => string[];
  /** What stands between fields when the line is put together: OFS. */
  readonly #joint: () => string;
  readonly #textOf: (value: Value) => string;
  #whole: Value = undefined;
  #fields: Value[] | undefined = [];
  #isStale = false;

  constructor(split: (text: string) => string[], joint: () => string, textOf: (value: Value) => string) {
    this.#split = split;
    this.#joint = joint;
    this.#textOf = textOf;
  }

  read(text: string): void {
    this.#whole = new Field(text);
    this.#fields = undefined;
    this.#isStale = false;
  }

  get(index: number): Value {
    if (index === 0) return this.#text();
    // A field that is not there is empty text to every awk, not a nothing that is 0 as well.
    return this.#all()[Math.trunc(checked(index)) - 1] ?? '';
  }

  set(index: number, value: Value): void {
    const at = Math.trunc(checked(index));
    if (at === 0) {
      this.read(this.#textOf(value));
      return;
    }
    const fields = this.#all();
    while (fields.length < at) fields.push('');
    fields[at - 1] = value;
    this.#isStale = true;
  }

  get count(): number {
    return this.#all().length;
  }

  set count(count: number) {
    const fields = this.#all();
    const wanted = Math.trunc(checked(count));
    while (fields.length < wanted) fields.push('');
    fields.length = wanted;
    this.#isStale = true;
  }

  #all(): Value[] {
    this.#fields ??= this.#split(this.#textOf(this.#whole)).map((text) => new Field(text));
    return this.#fields;
  }

  #text(): Value {
    if (this.#isStale) {
      this.#whole = new Field(this.#all().map(this.#textOf).join(this.#joint()));
      this.#isStale = false;
    }
    return this.#whole;
  }
}

function checked(index: number): number {
  if (!(index >= 0)) throw new Error(`there is no field ${index}`);
  if (index > MAX_FIELDS) throw new Error(`a line has at most ${MAX_FIELDS} fields`);
  return index;
}
