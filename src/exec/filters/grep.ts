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

/** Group 1 is what matched where -w looks at the characters beside it. */
function around({ word, line }: GrepOptions): readonly [string, string] {
  if (line) return ['\\A(', ')\\z'];
  return word ? [`(?:\\A|[^${WORD}])(`, `)(?:[^${WORD}]|\\z)`] : ['(', ')'];
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
    if (show === 'count') this.#out.write(`${this.#prefix()}${this.#selected}\n`);
    if (found ? show === 'name-if-some' : show === 'name-if-none') this.#out.write(`${NAME}\n`);
    const success = show === 'name-if-none' ? !found : found;
    return { exitCode: success ? 0 : 1, error: '' };
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
    if (show === 'lines') this.#match(line);
    else if (show === 'parts') this.#parts(line);
    else if (show !== 'count') return false;
    return this.#selected < max || this.#owed > 0;
  }

  /** A line that is not selected: printed as context of the one before, or kept as context of one to come. */
  #pass(line: string): void {
    const { before, show } = this.#options;
    if (show !== 'lines') return;
    if (this.#owed > 0) {
      this.#owed -= 1;
      this.#print(this.#number, line, '-');
    } else if (before > 0) {
      this.#behind.push([this.#number, line]);
      if (this.#behind.length > before) this.#behind.shift();
    }
  }

  /** After the last match that -m allows. */
  #trail(line: string): boolean {
    this.#owed -= 1;
    if (this.#options.show === 'lines') this.#print(this.#number, line, '-');
    return this.#owed > 0;
  }

  #match(line: string): void {
    const { before, after } = this.#options;
    const first = this.#behind[0]?.[0] ?? this.#number;
    const apart = this.#lastPrinted > 0 && first > this.#lastPrinted + 1;
    if (apart && (before > 0 || after > 0)) this.#out.write('--\n');
    for (const [number, text] of this.#behind) this.#print(number, text, '-');
    this.#behind = [];
    this.#print(this.#number, line, ':');
    this.#owed = after;
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
    this.#lastPrinted = number;
    this.#out.write(`${this.#prefix(mark)}${numbers ? `${number}${mark}` : ''}${text}\n`);
  }

  #prefix(mark = ':'): string {
    return this.#options.name ? `${NAME}${mark}` : '';
  }
}
