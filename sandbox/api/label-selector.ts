/** Label selectors: the text of `labelSelector=` and the LabelSelector of objects, as matchers. */
import { badRequest } from './failure.ts';
import {
  invalidValue,
  type Labels,
  type Operator,
  type Requirement,
  requirement,
  SelectorError,
} from './label-requirement.ts';
import { labelKeyProblems } from './label-syntax.ts';

export { SelectorError } from './label-requirement.ts';

export interface LabelSelector {
  /** It selects everything. */
  readonly empty: boolean;
  /** Sorted by key. */
  readonly requirements: readonly Requirement[];
  matches(labels: Labels): boolean;
}

/** meta/v1 LabelSelector, as it stands in objects. */
export interface LabelSelectorObject {
  matchLabels?: Readonly<Record<string, string>>;
  matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] | null }[];
}

export const EVERYTHING: LabelSelector = { empty: true, requirements: [], matches: () => true };
export const NOTHING: LabelSelector = { empty: false, requirements: [], matches: () => false };

/** Of `labelSelector=`; throws the 400 of the real server. */
export function parseLabelSelector(text: string | undefined): LabelSelector {
  if (text === undefined || text === '') return EVERYTHING;
  try {
    return allOf(new Parser(text).parse());
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message);
    throw error;
  }
}

/** Of an object's LabelSelector: none selects nothing, an empty one everything. Throws `SelectorError`. */
export function selectorOf(selector: LabelSelectorObject | null | undefined): LabelSelector {
  if (selector === undefined || selector === null) return NOTHING;
  const requirements = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => requirement(key, '=', [value]));
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    requirements.push(requirement(key, operatorOf(operator), values ?? []));
  }
  return allOf(requirements);
}

/** Of a plain map of labels (a Service's selector), unchecked: an empty one selects everything. */
export function selectorOfLabels(labels: Labels): LabelSelector {
  const wanted = Object.entries(labels);
  if (wanted.length === 0) return EVERYTHING;
  return {
    empty: false,
    requirements: [],
    matches: (given) => wanted.every(([key, value]) => given[key] === value),
  };
}

function operatorOf(operator: string): Operator {
  switch (operator) {
    case 'In':
      return 'in';
    case 'NotIn':
      return 'notin';
    case 'Exists':
      return 'exists';
    case 'DoesNotExist':
      return '!';
    default:
      throw new SelectorError(`${JSON.stringify(operator)} is not a valid label selector operator`);
  }
}

function allOf(unsorted: readonly Requirement[]): LabelSelector {
  const requirements = unsorted.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const [first, second] = requirements;
  if (first === undefined) return EVERYTHING;
  if (second === undefined) return { empty: false, requirements, matches: first.matches };
  return { empty: false, requirements, matches: (labels) => requirements.every((one) => one.matches(labels)) };
}

type TokenKind = 'identifier' | 'end' | 'error' | Symbol;
type Symbol = ')' | ',' | '!' | '==' | '=' | '>' | 'in' | '<' | '!=' | 'notin' | '(';
interface Token {
  kind: TokenKind;
  text: string;
}

const SYMBOLS: ReadonlySet<string> = new Set([')', ',', '!', '==', '=', '>', 'in', '<', '!=', 'notin', '(']);
const OPERATORS: Readonly<Partial<Record<TokenKind, Operator>>> = {
  in: 'in',
  notin: 'notin',
  '=': '=',
  '==': '==',
  '!=': '!=',
  '>': 'gt',
  '<': 'lt',
};
const SPECIAL = /[=!(),><]/;
const SPACE = /[ \t\r\n]/;
/** A NUL ends the word before it, as it does in Go, where it stands for the end of the text. */
const WORD_END = /[=!(),><\0 \t\r\n]/;

const isSymbol = (text: string): text is Symbol => SYMBOLS.has(text);

function* tokens(text: string): Generator<Token> {
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (SPACE.test(char)) at++;
    else if (char === '\0') break;
    else if (SPECIAL.test(char)) {
      const symbol = symbolAt(text, at);
      at += symbol.text.length;
      yield symbol;
    } else {
      const start = at;
      while (at < text.length && !WORD_END.test(text.charAt(at))) at++;
      const word = text.slice(start, at);
      if (text.charAt(at) === '\0') at++;
      yield { kind: isSymbol(word) ? word : 'identifier', text: word };
    }
  }
  yield { kind: 'end', text: '' };
}

/** The longest symbol at `at`: `==` rather than `=`. All special characters but none are symbols themselves. */
function symbolAt(text: string, at: number): Token {
  const two = text.slice(at, at + 2);
  const found = isSymbol(two) ? two : text.charAt(at);
  return { kind: isSymbol(found) ? found : 'error', text: found };
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = [...tokens(text)];
  }

  parse(): Requirement[] {
    const found: Requirement[] = [];
    for (;;) {
      const start = this.#peek();
      if (start.kind === 'end') return found;
      if (start.kind !== 'identifier' && start.kind !== '!') {
        throw new SelectorError(`found '${start.text}', expected: !, identifier, or 'end of string'`);
      }
      found.push(this.#wrapped());
      const end = this.#next();
      if (end.kind === 'end') return found;
      if (end.kind !== ',') throw new SelectorError(`found '${end.text}', expected: ',' or 'end of string'`);
      const after = this.#peek();
      if (after.kind !== 'identifier' && after.kind !== '!') {
        throw new SelectorError(`found '${after.text}', expected: identifier after ','`);
      }
    }
  }

  #wrapped(): Requirement {
    try {
      return this.#requirement();
    } catch (error) {
      if (error instanceof SelectorError) throw new SelectorError(`unable to parse requirement: ${error.message}`);
      throw error;
    }
  }

  #requirement(): Requirement {
    let token = this.#next();
    const negated = token.kind === '!';
    if (negated) token = this.#next();
    if (token.kind !== 'identifier') throw new SelectorError(`found '${token.text}', expected: identifier`);
    const problems = labelKeyProblems(token.text);
    if (problems.length > 0) throw new SelectorError(invalidValue('<nil>', token.text, problems));
    const key = token.text;
    const { kind } = this.#peek();
    if (negated) return requirement(key, '!', []);
    if (kind === 'end' || kind === ',') return requirement(key, 'exists', []);
    const sign = this.#next('operators');
    const operator = OPERATORS[sign.kind];
    if (operator === undefined) {
      throw new SelectorError(`found '${sign.text}', expected: in, notin, =, ==, !=, gt, lt`);
    }
    return requirement(key, operator, operator === 'in' || operator === 'notin' ? this.#values() : [this.#value()]);
  }

  #value(): string {
    const { kind } = this.#peek();
    if (kind === 'end' || kind === ',') return '';
    const token = this.#next();
    if (token.kind !== 'identifier') throw new SelectorError(`found '${token.text}', expected: identifier`);
    return token.text;
  }

  /** `(a,b,,)`: what is left out is the empty value. */
  #values(): string[] {
    const open = this.#next();
    if (open.kind !== '(') throw new SelectorError(`found '${open.text}' expected: '('`);
    const first = this.#peek();
    if (first.kind === ')') {
      this.#next();
      return [''];
    }
    if (first.kind !== 'identifier' && first.kind !== ',') {
      throw new SelectorError(`found '${first.text}', expected: ',', ')' or identifier`);
    }
    const values: string[] = [];
    for (;;) {
      const token = this.#next();
      const { kind, text } = this.#peek();
      if (token.kind === 'identifier') {
        values.push(token.text);
        if (kind !== ',' && kind !== ')') throw new SelectorError(`found '${text}', expected: ',' or ')'`);
      } else if (token.kind === ',') {
        if (values.length === 0 || kind === ')' || kind === ',') values.push('');
      } else throw new SelectorError(`found '${token.text}', expected: ',', or identifier`);
      if (kind === ')') {
        this.#next();
        return values;
      }
    }
  }

  /** `in` and `notin` are words like others but where an operator is due. */
  #peek(context: 'words' | 'operators' = 'words'): Token {
    const token = this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] ?? { kind: 'end', text: '' };
    const isWord = token.kind === 'in' || token.kind === 'notin';
    return isWord && context === 'words' ? { kind: 'identifier', text: token.text } : token;
  }

  #next(context: 'words' | 'operators' = 'words'): Token {
    const token = this.#peek(context);
    this.#at++;
    return token;
  }
}
