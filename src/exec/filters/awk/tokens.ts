/** awk's words. */
import { invalid, refused, shorten } from '../errors.ts';
import { CONTROLS } from '../regex/bracket.ts';

export type Token =
  | { kind: 'number'; value: number }
  | { kind: 'string' | 'regex' | 'name' | 'call'; value: string }
  | { kind: 'mark' | 'word'; value: string }
  | { kind: 'end'; value: '' };

const WORDS = new Set('BEGIN END print printf if else while for do in delete next exit break continue'.split(' '));

/** What awk has and what reaches out of the pipe, or is left out here. */
const REFUSED: Readonly<Record<string, string>> = {
  getline: 'getline would read a file or a program',
  system: 'system would run a program',
  close: 'close belongs to files and programs',
  fflush: 'fflush belongs to files and programs',
  function: 'functions of your own are not available',
  func: 'functions of your own are not available',
  return: 'functions of your own are not available',
  nextfile: 'there is one input',
  ENVIRON: 'there is no environment',
  ARGV: 'there are no arguments',
  ARGC: 'there are no arguments',
  RS: 'input here is lines',
};

const MARKS = /(?:\*\*=|&&|\|\||\+\+|--|\+=|-=|\*=|\/=|%=|\^=|\*\*|==|<=|>=|!=|!~|>>|[-{}()[\];,+*/%^!<>|?:~$=\n])/y;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;
const NAME = /[A-Za-z_]\w*/y;
const BLANK = /(?:[ \t\r]|\\\r?\n|#[^\n]*)+/y;
const STRING = /"((?:[^"\\\n]|\\[\s\S])*)"/y;
const REGEX = /\/((?:[^/\\\n[]|\\.|\[\^?\]?(?:\[:[a-z]+:\]|\\.|[^\]\n])*\])*)\//y;

/** Longest program, in characters. */
const MAX_PROGRAM = 10_000;

export function readTokens(text: string): Token[] {
  if (text.length > MAX_PROGRAM) throw invalid('awk', `the program has more than ${MAX_PROGRAM} characters.`);
  const tokens: Token[] = [];
  let at = 0;
  const take = (form: RegExp): string[] | undefined => {
    form.lastIndex = at;
    const found = form.exec(text);
    if (found === null) return undefined;
    at += found[0].length;
    return found;
  };
  while (at < text.length) {
    if (take(BLANK) !== undefined) continue;
    const name = take(NAME)?.[0];
    if (name !== undefined) {
      tokens.push(wordOrName(name, text[at] === '('));
      continue;
    }
    const number = take(NUMBER)?.[0];
    if (number !== undefined) {
      tokens.push({ kind: 'number', value: Number(number) });
      continue;
    }
    const string = take(STRING)?.[1];
    if (string !== undefined) {
      tokens.push({ kind: 'string', value: unescapeString(string) });
      continue;
    }
    const regex = text[at] === '/' && !endsOperand(tokens.at(-1)) ? take(REGEX)?.[1] : undefined;
    if (regex !== undefined) {
      tokens.push({ kind: 'regex', value: regex.replaceAll('\\/', '/') });
      continue;
    }
    const mark = take(MARKS)?.[0];
    if (mark === undefined) throw invalid('awk', `'${shorten(text.slice(at))}' is not understood.`);
    tokens.push({ kind: 'mark', value: mark });
  }
  return tokens;
}

function wordOrName(name: string, isCall: boolean): Token {
  const reason = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
  if (reason !== undefined)
    throw refused('awk', `${reason}.`, 'awk here reads the pipe, computes and prints; nothing else.');
  if (WORDS.has(name)) return { kind: 'word', value: name };
  return { kind: isCall ? 'call' : 'name', value: name };
}

/** After these a slash divides. */
function endsOperand(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === 'mark') return [')', ']', '$', '++', '--'].includes(token.value);
  return token.kind === 'number' || token.kind === 'string' || token.kind === 'name';
}

/** The escapes of string constants; an unknown one stays as it is, for it may be meant for a pattern. */
export function unescapeString(text: string): string {
  return text.replace(/\\([0-7]{1,3}|[\s\S])/g, (whole: string, escaped: string) => {
    if (/^[0-7]/.test(escaped)) return String.fromCharCode(Number.parseInt(escaped, 8) & 255);
    if (escaped === '"' || escaped === '\\' || escaped === '/') return escaped;
    if (escaped === 'b') return '\b';
    return CONTROLS[escaped] ?? (escaped === '\n' ? '' : whole);
  });
}
