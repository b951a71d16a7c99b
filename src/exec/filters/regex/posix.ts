/** POSIX expressions compiled for RE2: linear time whatever the pattern, leftmost-longest as POSIX wants it. */
import { RE2JS } from 're2js';
import { invalid, shorten } from '../errors.ts';
import { quote } from './bracket.ts';
import { type Dialect, type Host, type Token, tokenize } from './tokens.ts';

/** Longest pattern, in characters; compiling grows with it. */
const MAX_PATTERN = 2000;

/**
 * Steps that all patterns of one stage may have together. Intervals in intervals multiply, and each thousand takes two
 * milliseconds to compile, in the server's own thread when the command is judged.
 */
const MAX_STEPS = 5_000;

export class PatternBudget {
  #left = MAX_STEPS;

  /** Throws a plain message. */
  take(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new Error(`patterns and their intervals have more than ${MAX_STEPS} steps`);
  }
}

export interface PatternOptions {
  dialect: Dialect | 'fixed';
  host: Host;
  ignoreCase?: boolean;
  /** Put around the translated pattern: `^(?:` and `)$`. */
  around?: readonly [string, string];
  /** Only whether it matches is asked: the shortest match will do. */
  testOnly?: boolean;
  /** Where a stage has several patterns. */
  budget?: PatternBudget;
}

/** Several patterns match where one of them does. Their groups are kept, in order. Throws `invalid_argument`. */
export function compilePatterns(patterns: readonly string[], options: PatternOptions): RE2JS {
  const length = patterns.reduce((sum, pattern) => sum + pattern.length, 0);
  if (length > MAX_PATTERN)
    throw invalid(options.host, `the pattern has ${length} characters; at most ${MAX_PATTERN} are accepted.`);
  const budget = options.budget ?? new PatternBudget();
  const sources = patterns.map((pattern) => translate(pattern, options, budget));
  const [before, after] = options.around ?? ['', ''];
  const text = `${before}(?:${sources.map((one) => `(?:${one})`).join('|')})${after}`;
  const flags =
    (options.ignoreCase === true ? RE2JS.CASE_INSENSITIVE : 0) |
    (options.testOnly === true ? 0 : RE2JS.LONGEST_MATCH) |
    (text.includes('(?<') ? RE2JS.LOOKBEHINDS : 0);
  try {
    return RE2JS.compile(text, flags);
  } catch (error) {
    throw problem(options.host, patterns.join('|'), error);
  }
}

function translate(pattern: string, { dialect, host }: PatternOptions, budget: PatternBudget): string {
  try {
    const { source, size } =
      dialect === 'fixed'
        ? { source: [...pattern].map(quote).join(''), size: pattern.length }
        : assemble(tokenize(pattern, dialect, host));
    budget.take(size);
    return source;
  } catch (error) {
    throw problem(host, pattern, error);
  }
}

function problem(host: Host, pattern: string, error: unknown): Error {
  const text = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'not understood';
  return invalid(
    host,
    `the pattern '${shorten(pattern)}' cannot be used: ${text}.`,
    'Patterns are POSIX expressions, run by RE2.',
  );
}

/** RE2 source, and how many steps its program will have, about. */
interface Piece {
  source: string;
  size: number;
}

/** Tokens as RE2 source. Every repeated thing is wrapped, for `a*?` and `a**` mean something else to RE2. */
function assemble(tokens: readonly Token[]): Piece {
  const stack: Piece[][] = [[]];
  tokens.forEach((token, index) => {
    const pieces = stack.at(-1) ?? [];
    if (token.kind === 'open') stack.push([]);
    else if (token.kind === 'close') {
      if (stack.length === 1) throw new Error('unmatched )');
      stack.pop();
      const { source, size } = joined(pieces);
      stack.at(-1)?.push({ source: `(${source})`, size });
    } else if (token.kind === 'repeat') pieces.push(repeated(pieces.pop(), token));
    else pieces.push({ source: plain(token, tokens[index - 1], tokens[index + 1]), size: 1 });
  });
  if (stack.length > 1) throw new Error('unmatched (');
  return joined(stack[0] ?? []);
}

function joined(pieces: readonly Piece[]): Piece {
  return {
    source: pieces.map(({ source }) => source).join(''),
    size: pieces.reduce((sum, { size }) => sum + size, 1),
  };
}

function repeated(piece: Piece | undefined, { min, max }: { min: number; max: number }): Piece {
  const { source, size } = piece ?? { source: '', size: 1 };
  const isOpen = max === Number.POSITIVE_INFINITY;
  const times = isOpen ? `{${min},}` : `{${min},${max}}`;
  return { source: `(?:${source}${times})`, size: size * Math.max(1, isOpen ? min : max) };
}

/** `\b` would do at both ends of a word; which one it is, the side that is not known yet has to tell. */
function plain(token: Token, before: Token | undefined, after: Token | undefined): string {
  switch (token.kind) {
    case 'char':
      return quote(token.char);
    case 'atom':
    case 'assert':
      return token.source;
    case 'word-start':
      return isWordChar(after) ? '\\b' : '\\b(?<!\\w)';
    case 'word-end':
      return isWordChar(before) ? '\\b' : '\\b(?<=\\w)';
    default:
      return '|';
  }
}

function isWordChar(token: Token | undefined): boolean {
  return token?.kind === 'char' && /\w/.test(token.char);
}

export interface Match {
  start: number;
  end: number;
  /** '' for a group that took no part. */
  group(number: number): string;
}

/** Every match in turn, as sed and awk count them: nothing at the end of a match is no match of its own. False ends. */
export function eachMatch(pattern: RE2JS, text: string, visit: (match: Match) => boolean): void {
  const matcher = pattern.matcher(text);
  const group = (number: number) => matcher.group(number) ?? '';
  let previousEnd = -1;
  for (let at = 0; at <= text.length && matcher.find(at); ) {
    const [start, end] = [matcher.start(), matcher.end()];
    at = end > start ? end : end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
    if (start === end && start === previousEnd) continue;
    previousEnd = end;
    if (!visit({ start, end, group })) return;
  }
}
