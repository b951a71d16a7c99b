import { lookAlike } from './look-alikes.ts';
import { shellSyntaxAt } from './shell-syntax.ts';
import { syntaxError, syntaxErrorAt } from './syntax-error.ts';

/** Manifests come by stdin or files; patches and jsonpath are far shorter. UTF-16 units. */
const MAX_LENGTH = 64 * 1024;
/** Of all stages together. */
const MAX_WORDS = 1000;

/** C0 but for tab, line feed and CR before it; DEL; C1. */
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)/;

/** With these a shell's syntax may begin. */
const SPECIAL = '|&;<>`$#';

const HABIT = /2>(?: ?\/dev\/null(?=[ \t|]|$)|&1(?=\s*$))/y;

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' };

/**
 * The words of a command line, a list for each stage between unquoted `|`. Quotes and backslashes as in POSIX; unquoted `{…}`,
 * `(…)` and JSON lists `[{…}]` keep what is in them, blanks and quotes included, so that jsonpath, patches and `in (a, b)` work
 * as they are. Nothing is expanded (`$NAME`, `*`, `~` stay), and what a shell would act on is refused.
 */
export function tokenize(command: string): readonly (readonly string[])[] {
  if (command.length > MAX_LENGTH) {
    throw syntaxError(`longer than ${MAX_LENGTH} characters.`, 'Give long texts in `stdin` or `files`.');
  }
  const control = CONTROL.exec(command);
  if (control !== null) {
    throw syntaxErrorAt(control.index, `the control character ${hex(control[0])}`, 'Remove it.');
  }
  if (!command.isWellFormed()) throw syntaxError('half of a surrogate pair.', 'Send valid Unicode.');
  return new Reader(command).stages();
}

function hex(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

class Reader {
  readonly #text: string;
  readonly #stages: string[][] = [[]];
  #at = 0;
  #words = 0;
  /** The word being read; undefined between words. An empty one comes of `''`. */
  #word: string | undefined;
  /** Where the last `|` was. */
  #pipeAt = 0;

  constructor(text: string) {
    this.#text = text;
  }

  stages(): string[][] {
    while (this.#at < this.#text.length) this.#next();
    this.#endWord();
    if (this.#stages.length > 1) this.#needWords(this.#pipeAt, 'nothing after `|`');
    return this.#stages;
  }

  #next(): void {
    const character = this.#text[this.#at] ?? '';
    if (character === ' ' || character === '\t') this.#blank(1);
    else if (character === '2' && this.#word === undefined && this.#skipsErrors()) return;
    else if (character === '\n') this.#lineEnd(1);
    else if (character === '\r') this.#lineEnd(2);
    else if (character === '\\') this.#backslash();
    else if (character === "'") this.#singleQuotes();
    else if (character === '"') this.#doubleQuotes();
    else if (this.#opensGroup(character)) this.#group();
    else if (SPECIAL.includes(character)) this.#special(character);
    else if (character < '\x80') this.#take(1);
    else this.#beyondAscii();
  }

  /** People write `2>/dev/null` out of habit, and `2>&1` at the end. Errors come apart from the output here, so neither means anything. */
  #skipsErrors(): boolean {
    HABIT.lastIndex = this.#at;
    const found = HABIT.exec(this.#text)?.[0];
    if (found === undefined) return false;
    this.#at += found.length;
    return true;
  }

  #special(character: string): void {
    const syntax = shellSyntaxAt(this.#text, this.#at, 'unquoted');
    if (syntax !== undefined) throw syntaxErrorAt(this.#at, syntax.what, syntax.remedy);
    if (character === '#' && this.#word === undefined) {
      throw syntaxErrorAt(this.#at, '`#` (a comment)', 'Leave comments out, or quote the word.');
    }
    if (character === '|') this.#pipe();
    else this.#take(1);
  }

  #beyondAscii(): void {
    const whole = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    const like = lookAlike(whole);
    if (like !== undefined) throw syntaxErrorAt(this.#at, `${like.what} (${hex(whole)})`, like.remedy);
    this.#take(whole.length);
  }

  /** Adds the next characters to the word as they are. */
  #take(count: number): void {
    this.#word = (this.#word ?? '') + this.#text.slice(this.#at, this.#at + count);
    this.#at += count;
  }

  #blank(length: number): void {
    this.#endWord();
    this.#at += length;
  }

  #endWord(): void {
    if (this.#word === undefined) return;
    this.#words += 1;
    if (this.#words > MAX_WORDS) throw syntaxError(`more than ${MAX_WORDS} words.`, 'Split it into several calls.');
    this.#stages.at(-1)?.push(this.#word);
    this.#word = undefined;
  }

  /** A line may end after `|`, and around the command. */
  #lineEnd(length: number): void {
    const at = this.#at;
    this.#blank(length);
    if (this.#stages.at(-1)?.length === 0) return;
    if (this.#text.slice(this.#at).trim() === '') return;
    throw syntaxErrorAt(
      at,
      'a line break (two commands)',
      'Send one command per call; a line goes on after a backslash at its end; quote values of several lines.',
    );
  }

  #backslash(): void {
    const next = this.#text[this.#at + 1];
    if (next === undefined) {
      throw syntaxErrorAt(this.#at, 'a backslash with nothing after it', 'Remove it, or quote the word.');
    }
    const ending = lineEndAt(this.#text, this.#at + 1);
    this.#at += 1;
    if (ending > 0) this.#at += ending;
    else this.#take((this.#text.codePointAt(this.#at) ?? 0) > 0xffff ? 2 : 1);
  }

  #singleQuotes(): void {
    const end = this.#text.indexOf("'", this.#at + 1);
    if (end === -1) throw unclosed(this.#at, "'");
    this.#word = (this.#word ?? '') + this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
  }

  #doubleQuotes(): void {
    const start = this.#at;
    this.#word ??= '';
    this.#at += 1;
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) throw unclosed(start, '"');
      if (character === '"') break;
      if (character === '\\') this.#escape();
      else this.#quoted();
    }
    this.#at += 1;
  }

  #quoted(): void {
    const syntax = shellSyntaxAt(this.#text, this.#at, 'double quotes');
    if (syntax !== undefined) throw syntaxErrorAt(this.#at, syntax.what, syntax.remedy);
    this.#take(1);
  }

  /** In double quotes a backslash escapes `$`, backtick, `"`, itself and a line end; before others it stands for itself. */
  #escape(): void {
    const next = this.#text[this.#at + 1];
    const ending = lineEndAt(this.#text, this.#at + 1);
    if (ending > 0) this.#at += 1 + ending;
    else if (next !== undefined && '$`"\\'.includes(next)) {
      this.#at += 1;
      this.#take(1);
    } else this.#take(1);
  }

  /** `[` only as the start of a JSON list of objects: elsewhere it is an index or a class of characters. */
  #opensGroup(character: string): boolean {
    if (character === '{' || character === '(') return true;
    if (character !== '[') return false;
    return (
      (this.#word === undefined || this.#word.endsWith('=')) &&
      /^\[\s*\{/.test(this.#text.slice(this.#at, this.#at + 80))
    );
  }

  /** Up to the bracket that closes it; brackets in double quotes do not count. */
  #group(): void {
    const start = this.#at;
    const expected: string[] = [];
    const list = this.#text[start] === '[';
    for (let at = start; at < this.#text.length; at++) {
      const character = this.#text[at] ?? '';
      if (character === '"') at = endOfString(this.#text, at);
      else if (character === expected.at(-1)) expected.pop();
      else if (character in CLOSING && (list || character !== '[')) expected.push(CLOSING[character] ?? '');
      if (expected.length === 0) {
        this.#take(at + 1 - start);
        return;
      }
    }
    throw unclosed(start, this.#text[start] ?? '');
  }

  #pipe(): void {
    this.#endWord();
    this.#needWords(this.#at, 'nothing before `|`');
    this.#pipeAt = this.#at;
    this.#stages.push([]);
    this.#at += 1;
  }

  #needWords(at: number, problem: string): void {
    if (this.#stages.at(-1)?.length === 0) {
      throw syntaxErrorAt(at, problem, 'Write `command | filter`, or quote `|` where it is meant literally.');
    }
  }
}

/** The length of the line end at `index`; 0 where there is none. */
function lineEndAt(text: string, index: number): number {
  if (text[index] === '\n') return 1;
  return text[index] === '\r' ? 2 : 0;
}

/** The index of the quote that closes the string at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  throw unclosed(start, '"');
}

function unclosed(index: number, opening: string) {
  return syntaxErrorAt(
    index,
    `\`${opening}\` that is never closed`,
    'Close it, or put the word in quotes where it is meant literally.',
  );
}
