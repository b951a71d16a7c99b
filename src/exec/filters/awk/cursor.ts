/** A place in awk's words. */
import { invalid, refused } from '../errors.ts';
import { PatternBudget } from '../regex/posix.ts';
import type { Token } from './tokens.ts';

const END: Token = { kind: 'end', value: '' };

/** Deepest nesting of parentheses, braces and operators that are read by recursion. */
const MAX_DEPTH = 200;

export class Cursor {
  /** Of all patterns that are written out in the program. */
  readonly budget = new PatternBudget();
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? END;
  }

  next(): Token {
    const token = this.peek();
    this.#at += 1;
    return token;
  }

  is(value: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return (token.kind === 'mark' || token.kind === 'word') && token.value === value;
  }

  take(value: string): boolean {
    if (!this.is(value)) return false;
    this.#at += 1;
    return true;
  }

  /** The operator that stands here, if it is one of these. */
  takeOne<T extends string>(values: readonly T[]): T | undefined {
    const found = values.find((value) => this.is(value));
    if (found !== undefined) this.#at += 1;
    return found;
  }

  expect(value: string): void {
    if (!this.take(value)) throw this.unexpected(`expected '${value}'`);
  }

  name(): string {
    const token = this.next();
    if (token.kind !== 'name') throw invalid('awk', `expected a name before '${this.shown()}'.`);
    return token.value;
  }

  skipNewlines(): void {
    while (this.take('\n'));
  }

  /** Runs `read` one level deeper. */
  nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw invalid('awk', 'the program nests too deeply.');
    const result = read();
    this.#depth -= 1;
    return result;
  }

  unexpected(what: string): Error {
    for (const mark of ['|', '>', '>>'])
      if (this.is(mark))
        return refused(
          'awk',
          `${mark} would write to a file or a program.`,
          'Put a comparison in parentheses; to filter on, add a stage.',
        );
    return invalid(
      'awk',
      `${what}, not '${this.shown()}'.`,
      "The program is to be quoted as one word: awk '{print $1}'.",
    );
  }

  shown(): string {
    const { value } = this.peek();
    return value === '' ? 'the end' : value === '\n' ? 'a new line' : String(value);
  }
}
