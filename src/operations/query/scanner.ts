import { AppError } from '../../kernel/errors.ts';

/** Longest expression or path. A page of conditions is far below it. */
const MAX_LENGTH = 4096;
/** Deepest nesting of parentheses, `!` and filters. */
const MAX_DEPTH = 40;

/** A position in an expression and the errors that name it. */
export interface Scanner {
  readonly text: string;
  at: number;
  depth: number;
  /** What is parsed, for error texts: `where`, `sortBy`, `columns`. */
  readonly field: string;
}

export function scannerOf(field: string, text: string): Scanner {
  const scanner = { text, at: 0, depth: 0, field };
  if (text.length > MAX_LENGTH) {
    throw new AppError('invalid_argument', `${field} has ${text.length} characters; at most ${MAX_LENGTH} are read.`, {
      remedy: `Shorten ${field}.`,
    });
  }
  return scanner;
}

/** The error for what stands at the current position. */
export function expected(s: Scanner, what: string, at = s.at): AppError {
  const found = at >= s.text.length ? 'the end' : `"${s.text.slice(at, at + 12)}"`;
  return new AppError('invalid_argument', `${s.field}: expected ${what} at position ${at + 1}, found ${found}.`, {
    remedy: `Correct ${s.field}, for example ${EXAMPLES[s.field] ?? EXAMPLES['columns']}.`,
    facts: { position: at + 1 },
  });
}

const EXAMPLES: Readonly<Record<string, string>> = {
  where: '.status.phase != "Running" && age(.metadata.creationTimestamp) > 2h',
  sortBy: '-.metadata.creationTimestamp',
  groupBy: '.spec.nodeName',
  columns: "NAME:.metadata.name,IMAGE:.spec.containers[*].image,APP:.metadata.labels['app.kubernetes.io/name']",
};

/** Runs `parse` one level deeper. */
export function nested<T>(s: Scanner, parse: () => T): T {
  if (++s.depth > MAX_DEPTH) throw expected(s, `at most ${MAX_DEPTH} levels of nesting`);
  const result = parse();
  s.depth--;
  return result;
}

export function skipSpace(s: Scanner): void {
  while (s.at < s.text.length && ' \t\n\r'.includes(s.text.charAt(s.at))) s.at++;
}

/** Consumes `token` when it stands here, after spaces. */
export function eat(s: Scanner, token: string): boolean {
  skipSpace(s);
  if (!s.text.startsWith(token, s.at)) return false;
  s.at += token.length;
  return true;
}

/** Consumes what the sticky pattern matches here. */
export function eatPattern(s: Scanner, pattern: RegExp): string | undefined {
  pattern.lastIndex = s.at;
  const match = pattern.exec(s.text);
  if (!match) return undefined;
  s.at += match[0].length;
  return match[0];
}

/** A string in single or double quotes; a backslash takes the next character as it is, \n and \t as usual. */
export function eatQuoted(s: Scanner): string | undefined {
  const quote = s.text.charAt(s.at);
  if (quote !== '"' && quote !== "'") return undefined;
  const start = s.at;
  let out = '';
  for (let i = start + 1; i < s.text.length; i++) {
    const char = s.text.charAt(i);
    if (char === quote) {
      s.at = i + 1;
      return out;
    }
    if (char === '\\' && i + 1 < s.text.length) out += escaped(s.text.charAt(++i));
    else out += char;
  }
  throw expected(s, `a closing ${quote}`, s.text.length);
}

/** A backslash before a letter that is no known escape stays, so that "\d" in a pattern needs no doubling. */
function escaped(char: string): string {
  if (char === 'n') return '\n';
  if (char === 't') return '\t';
  return /[A-Za-z0-9.^$*+?()[\]{}|]/.test(char) ? `\\${char}` : char;
}
