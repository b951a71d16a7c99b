/** The part of sed's language that is accepted, read. */
import type { RE2JS } from 're2js';
import { invalid, refused, shorten } from './errors.ts';
import { compilePatterns, PatternBudget } from './regex/posix.ts';
import { type Part, readReplacement } from './sed-replacement.ts';

export type Address =
  | { kind: 'line'; line: number }
  | { kind: 'last' }
  | { kind: 'match'; pattern: RE2JS }
  /** `first~step`. */
  | { kind: 'every'; first: number; step: number };

/** The end of a range may also be so many lines further. */
export type End = Address | { kind: 'more'; lines: number };

export interface Substitution {
  pattern: RE2JS;
  parts: readonly Part[];
  /** From this match on. */
  nth: number;
  all: boolean;
  print: boolean;
}

export type Action =
  | { kind: 'print' | 'delete' | 'number' }
  | { kind: 'quit'; code: number; silent: boolean }
  | { kind: 'substitute'; how: Substitution }
  | { kind: 'block'; body: readonly Command[] };

export interface Command {
  from: Address | undefined;
  to: End | undefined;
  negated: boolean;
  action: Action;
}

const ACCEPTED =
  'Accepted are addresses (N, $, /re/, first~step, a,b, a,+N, !) with p, d, q, =, { } and s/re/text/[g][p][i][N].';

/** Commands that sed has and that reach out of the pipe. */
const OUTSIDE: Readonly<Record<string, string>> = {
  e: 'would run a program',
  w: 'would write a file',
  W: 'would write a file',
  r: 'would read a file',
  R: 'would read a file',
  F: 'would name a file',
};

/** Deepest nesting of braces. */
const MAX_DEPTH = 20;

export function readScript(text: string, extended: boolean): Command[] {
  return new Reader(text, extended).commands(0);
}

class Reader {
  readonly #text: string;
  readonly #extended: boolean;
  #at = 0;
  readonly #budget = new PatternBudget();

  constructor(text: string, extended: boolean) {
    this.#text = text;
    this.#extended = extended;
  }

  commands(depth: number): Command[] {
    if (depth > MAX_DEPTH) throw invalid('sed', 'the braces nest too deeply.');
    const found: Command[] = [];
    while (true) {
      this.#skip(/[\s;]*(#[^\n]*[\s;]*)*/y);
      const char = this.#text[this.#at];
      if (char === undefined && depth === 0) return found;
      if (char === undefined) throw invalid('sed', 'a { is not closed.');
      if (char === '}') {
        if (depth === 0) throw invalid('sed', "unexpected '}'.");
        this.#at += 1;
        return found;
      }
      found.push(this.#command(depth));
    }
  }

  #command(depth: number): Command {
    const from = this.#address();
    this.#skip(/\s*/y);
    const to = from !== undefined && this.#take(',') ? this.#end() : undefined;
    this.#skip(/\s*/y);
    const negated = this.#take('!');
    this.#skip(/[\s!]*/y);
    const action = this.#action(depth);
    if (action.kind === 'quit' && to !== undefined) throw invalid('sed', 'q takes one address at most.');
    return { from, to, negated, action };
  }

  #action(depth: number): Action {
    const letter = this.#text[this.#at] ?? '';
    this.#at += 1;
    if (letter === '{') return { kind: 'block', body: this.commands(depth + 1) };
    const action = this.#simple(letter);
    this.#skip(/[ \t]*/y);
    const next = this.#text[this.#at];
    if (next !== undefined && !';\n}#'.includes(next))
      throw invalid('sed', `'${shorten(this.#text.slice(this.#at))}' after a command is not understood.`, ACCEPTED);
    return action;
  }

  #simple(letter: string): Action {
    if (letter === 'p') return { kind: 'print' };
    if (letter === 'd') return { kind: 'delete' };
    if (letter === '=') return { kind: 'number' };
    if (letter === 'q' || letter === 'Q') {
      this.#skip(/[ \t]*/y);
      return { kind: 'quit', code: Number(this.#skip(/\d{0,3}/y)) & 255, silent: letter === 'Q' };
    }
    if (letter === 's') return { kind: 'substitute', how: this.#substitution() };
    const outside = OUTSIDE[letter];
    if (outside !== undefined) throw refused('sed', `the command ${letter} ${outside}.`, ACCEPTED);
    if (letter === '') throw invalid('sed', 'a command is missing.', ACCEPTED);
    throw refused('sed', `the command ${shorten(letter)} is not available.`, ACCEPTED);
  }

  #substitution(): Substitution {
    const delimiter = this.#text[this.#at] ?? '';
    if (delimiter === '' || delimiter === '\\' || delimiter === '\n')
      throw invalid('sed', 's needs a delimiter, as in s/a/b/.');
    this.#at += 1;
    const source = this.#until(delimiter, true);
    const replacement = this.#until(delimiter, false);
    const flags = this.#skip(/[a-zA-Z0-9]*/y);
    const outside = /[ew]/.exec(flags)?.[0];
    if (outside !== undefined) throw refused('sed', `the flag ${outside} of s ${OUTSIDE[outside] ?? ''}.`, ACCEPTED);
    const form = /^(?=[gpiI]*(\d*)[gpiI]*$)/.exec(flags);
    if (form === null || /^0|[^\d]0/.test(flags))
      throw invalid('sed', `the flags '${shorten(flags)}' of s are not understood.`, ACCEPTED);
    const pattern = this.#pattern(source, /[iI]/.test(flags));
    return {
      pattern,
      parts: readReplacement(replacement, pattern.groupCount()),
      nth: Number(form[1] === '' ? 1 : form[1]),
      all: flags.includes('g'),
      print: flags.includes('p'),
    };
  }

  /** Up to an unescaped delimiter, which may stand in brackets of a pattern. Its escape is taken off. */
  #until(delimiter: string, isPattern: boolean): string {
    let text = '';
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at] ?? '';
      if (char === delimiter) {
        this.#at += 1;
        return text;
      }
      const bracket = isPattern && char === '[' ? this.#skip(/\[\^?\]?(?:\[[:=.][^\]]*[:=.]\]|[^\]])*\]/y) : '';
      if (bracket !== '') {
        text += bracket;
        continue;
      }
      const next = char === '\\' ? (this.#text[this.#at + 1] ?? '') : '';
      text += next === '' ? char : next === delimiter ? unescaped(delimiter, isPattern) : char + next;
      this.#at += 1 + next.length;
    }
    throw invalid('sed', `a closing '${delimiter}' is missing.`, ACCEPTED);
  }

  #pattern(source: string, ignoreCase: boolean): RE2JS {
    if (source === '')
      throw refused('sed', 'an empty pattern (the last one again) is not available.', 'Write the pattern out.');
    return compilePatterns([source], {
      dialect: this.#extended ? 'extended' : 'basic',
      host: 'sed',
      ignoreCase,
      budget: this.#budget,
    });
  }

  #address(): Address | undefined {
    const number = this.#skip(/\d{1,15}/y);
    if (number !== '') {
      if (this.#take('~')) return { kind: 'every', first: Number(number), step: Number(this.#skip(/\d{0,15}/y)) };
      if (Number(number) === 0) throw invalid('sed', 'lines are numbered from 1.');
      return { kind: 'line', line: Number(number) };
    }
    if (this.#take('$')) return { kind: 'last' };
    const other = this.#take('\\');
    if (!other && this.#text[this.#at] !== '/') return undefined;
    const delimiter = this.#text[this.#at] ?? '';
    this.#at += 1;
    const source = this.#until(delimiter, true);
    return { kind: 'match', pattern: this.#pattern(source, this.#take('I')) };
  }

  #end(): End {
    this.#skip(/\s*/y);
    if (this.#take('+')) return { kind: 'more', lines: Number(this.#skip(/\d{1,15}/y)) };
    const address = this.#address();
    if (address === undefined) throw invalid('sed', 'the second address of a range is missing.', ACCEPTED);
    return address;
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #skip(form: RegExp): string {
    form.lastIndex = this.#at;
    const found = form.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }
}

/** `s|a\|b|x|` looks for `a|b`, and `s.a\.b.x.` for any character between. */
function unescaped(delimiter: string, isPattern: boolean): string {
  if (!isPattern && delimiter === '&') return '\\&';
  return delimiter;
}
