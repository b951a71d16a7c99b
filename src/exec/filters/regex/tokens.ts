/** POSIX basic and extended expressions, with GNU's additions, as one stream of tokens. */
import { type BracketEscapes, CONTROLS, readBracket, SPACE, WORD } from './bracket.ts';

export type Dialect = 'basic' | 'extended';
export type Host = 'grep' | 'sed' | 'awk';

export type Token =
  | { kind: 'char'; char: string }
  /** Matches one character, or nothing: RE2 text. */
  | { kind: 'atom' | 'assert'; source: string }
  | { kind: 'word-start' | 'word-end' | 'open' | 'close' | 'or' }
  | { kind: 'repeat'; min: number; max: number };

/** Repeats above it are refused by RE2, whose programs grow with them. */
const MAX_REPEAT = 1000;

/** `\w` and its like; `\b` knows ASCII words only. */
const GNU: Readonly<Record<string, Token>> = {
  w: { kind: 'atom', source: `[${WORD}]` },
  W: { kind: 'atom', source: `[^${WORD}]` },
  s: { kind: 'atom', source: `[${SPACE}]` },
  S: { kind: 'atom', source: `[^${SPACE}]` },
  b: { kind: 'assert', source: '\\b' },
  B: { kind: 'assert', source: '\\B' },
  '<': { kind: 'word-start' },
  '>': { kind: 'word-end' },
  '`': { kind: 'assert', source: '\\A' },
  "'": { kind: 'assert', source: '\\z' },
};

/** Reads a whole pattern. Throws a plain message. */
export function tokenize(pattern: string, dialect: Dialect, host: Host): Token[] {
  return new Tokenizer(pattern, dialect, host).all();
}

class Tokenizer {
  readonly #text: string;
  readonly #extended: boolean;
  readonly #host: Host;
  #at = 0;
  #tokens: Token[] = [];

  constructor(text: string, dialect: Dialect, host: Host) {
    this.#text = text;
    this.#extended = dialect === 'extended';
    this.#host = host;
  }

  all(): Token[] {
    while (this.#at < this.#text.length) this.#tokens.push(...this.#next());
    return this.#tokens;
  }

  #next(): Token[] {
    const char = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    if (char === '\\') return [this.#escaped()];
    if (char === '[') return [this.#bracket()];
    this.#at += char.length;
    if (char === '.') return [{ kind: 'atom', source: '(?s:.)' }];
    if (char === '^' && (this.#extended || this.#atStart())) return [{ kind: 'assert', source: '\\A' }];
    if (char === '$' && (this.#extended || this.#atEnd())) return [{ kind: 'assert', source: '\\z' }];
    if (char === '*') return this.#star();
    if (this.#extended) return this.#extendedOperator(char);
    return [{ kind: 'char', char }];
  }

  /** Where nothing stands before it, a star is itself in basic expressions and repeats nothing in extended ones. */
  #star(): Token[] {
    if (!this.#nothingBefore()) return [{ kind: 'repeat', min: 0, max: Number.POSITIVE_INFINITY }];
    return this.#extended ? [] : [{ kind: 'char', char: '*' }];
  }

  #extendedOperator(char: string): Token[] {
    if (char === '(') return [{ kind: 'open' }];
    if (char === ')') return [{ kind: 'close' }];
    if (char === '|') return [{ kind: 'or' }];
    if (char === '+' || char === '?') return this.#nothingBefore() ? [] : [plusOrOptional(char)];
    if (char === '{') {
      const repeat = this.#interval(/^(\d*)(,?)(\d*)\}/);
      if (repeat !== undefined && !this.#nothingBefore()) return [repeat];
    }
    return [{ kind: 'char', char }];
  }

  #escaped(): Token {
    const char = this.#text[this.#at + 1];
    if (char === undefined) throw new Error('trailing backslash');
    this.#at += 2;
    const gnu = Object.hasOwn(GNU, char) ? GNU[char] : undefined;
    if (gnu !== undefined) return gnu;
    if (/[1-9]/.test(char))
      throw new Error(
        `\\${char} refers back to a group, which cannot be matched in linear time and is not available here`,
      );
    if (!this.#extended) {
      if (char === '(') return { kind: 'open' };
      if (char === ')') return { kind: 'close' };
      if (char === '|') return { kind: 'or' };
      if (char === '+' || char === '?') return this.#nothingBefore() ? { kind: 'char', char } : plusOrOptional(char);
      if (char === '{') return this.#basicInterval();
    }
    return { kind: 'char', char: this.#plainEscape(char) };
  }

  #plainEscape(char: string): string {
    const control = this.#host === 'grep' ? undefined : CONTROLS[char];
    if (control !== undefined) return control;
    if (!/[A-Za-z0-9]/.test(char)) return char;
    const instead = { d: '[0-9]', D: '[^0-9]', t: 'a tab character, or [[:space:]]', n: 'one pattern for each line' };
    const advice = Object.entries(instead).find(([name]) => name === char)?.[1];
    throw new Error(`\\${char} means nothing to ${this.#host}${advice === undefined ? '' : `; write ${advice}`}`);
  }

  #basicInterval(): Token {
    if (this.#nothingBefore()) throw new Error('\\{ has nothing before it to repeat');
    const repeat = this.#interval(/^(\d*)(,?)(\d*)\\\}/);
    if (repeat === undefined) throw new Error('unmatched or malformed \\{');
    return repeat;
  }

  #interval(form: RegExp): Token | undefined {
    const parts = form.exec(this.#text.slice(this.#at, this.#at + 32));
    if (parts === null || (parts[1] === '' && parts[2] === '')) return undefined;
    const min = Number(parts[1]);
    const max = parts[2] === '' ? min : parts[3] === '' ? Number.POSITIVE_INFINITY : Number(parts[3]);
    if (min > max) throw new Error('the interval ends before it begins');
    if (min > MAX_REPEAT || (max !== Number.POSITIVE_INFINITY && max > MAX_REPEAT))
      throw new Error(`an interval may repeat at most ${MAX_REPEAT} times`);
    this.#at += parts[0].length;
    return { kind: 'repeat', min, max };
  }

  #bracket(): Token {
    const escapes: BracketEscapes = this.#host === 'grep' ? 'none' : this.#host;
    const { source, end } = readBracket(this.#text, this.#at, escapes);
    this.#at = end;
    return { kind: 'atom', source };
  }

  #atStart(): boolean {
    const last = this.#tokens.at(-1);
    return last === undefined || last.kind === 'open' || last.kind === 'or';
  }

  #atEnd(): boolean {
    const rest = this.#text.slice(this.#at, this.#at + 2);
    return rest === '' || rest === '\\)' || rest === '\\|';
  }

  #nothingBefore(): boolean {
    const last = this.#tokens.at(-1);
    return this.#atStart() || (last?.kind === 'assert' && last.source === '\\A');
  }
}

function plusOrOptional(char: '+' | '?'): Token {
  return { kind: 'repeat', min: char === '+' ? 1 : 0, max: char === '+' ? Number.POSITIVE_INFINITY : 1 };
}
