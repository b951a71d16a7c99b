/** grep: lines that match. */
import type { RE2JS } from 're2js';
import { type GrepOptions, readGrep } from './grep-options.ts';
import { WORD } from './regex/bracket.ts';
import { compilePatterns } from './regex/posix.ts';
import { eachLine, type Out } from './text.ts';
import type { RunStage, StageEnd } from './types.ts';

const NAME = '(standard input)';

export function grep(args: readonly string[]): RunStage {
  return grepFor(readGrep(args));
}

export function egrep(args: readonly string[]): RunStage {
  return grepFor(readGrep(['-E', ...args]));
}

export function fgrep(args: readonly string[]): RunStage {
  return grepFor(readGrep(['-F', ...args]));
}

function grepFor(options: GrepOptions): RunStage {
  const { patterns, dialect, ignoreCase } = options;
  const parts = options.show === 'parts';
  const pattern = compilePatterns(patterns, {
    dialect,
    host: 'grep',
    ignoreCase,
    testOnly: !parts,
    around: around(options),
  });
  return (input, out) => new Search(options, pattern, out).run(input);
}

/** Group 1 is what matched where -w looks at the characters beside it. Looking behind is slower: only where it is shown. */
function around({ word, line, show }: GrepOptions): readonly [string, string] {
  if (line) return ['\\A(', ')\\z'];
  if (!word) return ['(', ')'];
  return [show === 'parts' ? `(?<![${WORD}])(` : `(?:\\A|[^${WORD}])(`, `)(?:[^${WORD}]|\\z)`];
}

class Search {
  readonly #options: GrepOptions;
  readonly #pattern: RE2JS;
  readonly #out: Out;
  /** Numbers and texts of the lines before, for -B. */
  #behind: [number, string][] = [];
  #number = 0;
  #selected = 0;
  #lastPrinted = 0;
  /** Lines still to be printed after a match, for -A. */
  #owed = 0;

  constructor(options: GrepOptions, pattern: RE2JS, out: Out) {
    this.#options = options;
    this.#pattern = pattern;
    this.#out = out;
  }

  run(input: string): StageEnd {
    const { show, max } = this.#options;
    if (max > 0) eachLine(input, (line) => this.#visit(line));
    const found = this.#selected > 0;
    // With -m 0 not even a count is given.
    if (show === 'count' && max > 0) this.#out.write(`${this.#prefix()}${this.#selected}\n`);
    if (found ? show === 'name-if-some' : show === 'name-if-none') this.#out.write(`${NAME}\n`);
    return { exitCode: found ? 0 : 1, error: '' };
  }

  #visit(line: string): boolean {
    const { show, max, invert } = this.#options;
    this.#number += 1;
    if (this.#selected >= max) return this.#trail(line);
    if (this.#pattern.test(line) === invert) {
      this.#pass(line);
      return true;
    }
    this.#selected += 1;
    if (show === 'lines' || show === 'parts') this.#match(line);
    else if (show !== 'count') return false;
    return this.#selected < max || this.#owed > 0;
  }

  /** A line that is not selected: printed as context of the one before, or kept as context of one to come. */
  #pass(line: string): void {
    const { before, show } = this.#options;
    if (show !== 'lines' && show !== 'parts') return;
    if (this.#owed > 0) {
      this.#owed -= 1;
      this.#context(this.#number, line);
    } else if (before > 0) {
      this.#behind.push([this.#number, line]);
      if (this.#behind.length > before) this.#behind.shift();
    }
  }

  /** After the last match that -m allows. */
  #trail(line: string): boolean {
    this.#owed -= 1;
    this.#context(this.#number, line);
    return this.#owed > 0;
  }

  #match(line: string): void {
    const { after, separates, show } = this.#options;
    const first = this.#behind[0]?.[0] ?? this.#number;
    const apart = this.#lastPrinted > 0 && first > this.#lastPrinted + 1;
    if (apart && separates) this.#out.write('--\n');
    for (const [number, text] of this.#behind) this.#context(number, text);
    this.#behind = [];
    this.#lastPrinted = this.#number;
    if (show === 'lines') this.#print(this.#number, line, ':');
    else this.#parts(line);
    this.#owed = after;
  }

  /** With -o, context is counted and not shown. */
  #context(number: number, text: string): void {
    this.#lastPrinted = number;
    if (this.#options.show === 'lines') this.#print(number, text, '-');
  }

  #parts(line: string): void {
    if (this.#options.invert) return;
    const matcher = this.#pattern.matcher(line);
    for (let at = 0; at <= line.length && matcher.find(at); ) {
      const [start, end] = [matcher.start(1), matcher.end(1)];
      if (end > start) this.#print(this.#number, line.slice(start, end), ':');
      at = end > start ? end : start + 1;
    }
  }

  #print(number: number, text: string, mark: ':' | '-'): void {
    const { numbers } = this.#options;
    this.#out.write(`${this.#prefix(mark)}${numbers ? `${number}${mark}` : ''}${text}\n`);
  }

  #prefix(mark = ':'): string {
    return this.#options.name ? `${NAME}${mark}` : '';
  }
}
