/** The two small languages of list_resources: JSONPath and `where`. They share a parser because a path's filter is a where. */
import type { RE2JS } from 're2js';
import type { Comparison, Expression, Operand, Path, Step } from './ast.ts';
import { compilePattern } from './pattern.ts';
import { eat, eatPattern, eatQuoted, expected, nested, type Scanner, scannerOf, skipSpace } from './scanner.ts';
import { toAmount } from './values.ts';

/** Names after a dot: letters, digits, _ - / and anything behind a backslash, as in kubectl (`.labels.app\.kubernetes\.io/name`). */
const DOT_NAME = /(?:[A-Za-z0-9_/-]|\\.)+/y;
const FIRST_NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const INTEGER = /-?\d{1,9}/y;
/** Numbers, quantities and durations. */
const AMOUNT = /[+-]?[\d.][A-Za-z0-9.+]{0,40}/y;

/** Parses a whole path: `.a.b[0]`, `$.a`, `{.a}` or `a.b`. */
export function parsePath(field: string, text: string): Path {
  const s = scannerOf(field, text);
  skipSpace(s);
  const braced = eat(s, '{');
  const path = pathAt(s);
  if (braced && !eat(s, '}')) throw expected(s, '} or another path step');
  skipSpace(s);
  if (s.at < s.text.length) throw expected(s, 'a path step (.name, [0], [*]) or the end');
  return path;
}

/** Parses a whole where expression. */
export function parseWhere(text: string, field = 'where'): Expression {
  const s = scannerOf(field, text);
  const expression = or(s);
  skipSpace(s);
  if (s.at < s.text.length) throw expected(s, '&&, || or the end');
  return expression;
}

function pathAt(s: Scanner): Path {
  skipSpace(s);
  const start = s.at;
  const root = eat(s, '@') ? 'item' : 'object';
  if (root === 'object') eat(s, '$');
  const steps: Step[] = [];
  if (s.at === start && !'.['.includes(s.text.charAt(s.at) || ' ')) {
    const name = eatPattern(s, DOT_NAME);
    if (name === undefined) throw expected(s, 'a path such as .metadata.name');
    steps.push({ type: 'field', name: unescapeName(name) });
  }
  for (;;) {
    const next = s.text.charAt(s.at);
    if (next === '[') steps.push(bracket(s));
    else if (next === '.') steps.push(...dotted(s, steps.length === 0));
    else return { root, steps };
  }
}

function dotted(s: Scanner, first: boolean): Step[] {
  s.at++;
  const steps: Step[] = [];
  if (s.text.charAt(s.at) === '.') {
    s.at++;
    steps.push({ type: 'descend' });
  }
  const next = s.text.charAt(s.at);
  if (next === '*') {
    s.at++;
    return [...steps, { type: 'wildcard' }];
  }
  if (next === '[') return steps;
  const name = eatPattern(s, DOT_NAME);
  if (name !== undefined) return [...steps, { type: 'field', name: unescapeName(name) }];
  // A lone dot is the whole object.
  if (first && steps.length === 0) return [];
  throw expected(s, 'a field name');
}

const unescapeName = (name: string) => name.replace(/\\(.)/g, '$1');

function bracket(s: Scanner): Step {
  s.at++;
  skipSpace(s);
  const step = bracketBody(s);
  if (!eat(s, ']')) throw expected(s, ']');
  return step;
}

function bracketBody(s: Scanner): Step {
  if (eat(s, '*')) return { type: 'wildcard' };
  if (eat(s, '?')) {
    if (!eat(s, '(')) throw expected(s, '(');
    const test = nested(s, () => or(s));
    if (!eat(s, ')')) throw expected(s, ')');
    return { type: 'filter', test };
  }
  const first = member(s);
  if (typeof first !== 'string' && s.text.charAt(s.at) === ':') return slice(s, first);
  if (first === undefined) throw expected(s, 'an index, a quoted name, * or ?(condition)');
  const members = [first];
  while (eat(s, ',')) {
    skipSpace(s);
    const next = member(s);
    if (next === undefined) throw expected(s, 'an index or a quoted name');
    members.push(next);
  }
  if (members.length > 1) return { type: 'union', members };
  return typeof first === 'string' ? { type: 'field', name: first } : { type: 'index', index: first };
}

function member(s: Scanner): string | number | undefined {
  const quoted = eatQuoted(s);
  if (quoted !== undefined) return unescapeName(quoted);
  const digits = eatPattern(s, INTEGER);
  return digits === undefined ? undefined : Number(digits);
}

function slice(s: Scanner, from: number | undefined): Step {
  const bound = () => {
    const digits = eatPattern(s, INTEGER);
    return digits === undefined ? undefined : Number(digits);
  };
  s.at++;
  const to = bound();
  let by = 1;
  if (eat(s, ':')) by = bound() ?? 1;
  if (by < 1) throw expected(s, 'a step of 1 or more');
  return { type: 'slice', from, to, by };
}

function or(s: Scanner): Expression {
  const terms = [and(s)];
  while (eat(s, '||') || eatWord(s, 'or')) terms.push(and(s));
  return terms.length === 1 && terms[0] ? terms[0] : { type: 'or', terms };
}

function and(s: Scanner): Expression {
  const terms = [unary(s)];
  while (eat(s, '&&') || eatWord(s, 'and')) terms.push(unary(s));
  return terms.length === 1 && terms[0] ? terms[0] : { type: 'and', terms };
}

function unary(s: Scanner): Expression {
  skipSpace(s);
  const negated = s.text.charAt(s.at) === '!' && s.text.charAt(s.at + 1) !== '=';
  if (negated || eatWord(s, 'not')) {
    if (negated) s.at++;
    return { type: 'not', term: nested(s, () => unary(s)) };
  }
  if (!eat(s, '(')) return comparison(s);
  const inner = nested(s, () => or(s));
  if (!eat(s, ')')) throw expected(s, ')');
  return inner;
}

const OPERATORS = ['==', '!=', '<=', '>=', '<', '>', '='] as const;

function comparison(s: Scanner): Expression {
  const left = operand(s);
  for (const [token, negated] of [
    ['=~', false],
    ['!~', true],
  ] as const) {
    if (eat(s, token)) return { type: 'match', left, pattern: pattern(s), negated };
  }
  const negated = eatWord(s, 'not');
  if (eatWord(s, 'in')) return { type: 'in', left, values: values(s), negated };
  if (negated) throw expected(s, 'in');
  for (const token of OPERATORS) {
    if (!eat(s, token)) continue;
    const op: Comparison = token === '=' ? '==' : token;
    return { type: 'compare', op, left, right: operand(s) };
  }
  if (left.type === 'literal' && typeof left.value !== 'boolean') {
    throw expected(s, 'an operator (==, !=, <, <=, >, >=, =~, !~, in)');
  }
  return { type: 'truthy', operand: left };
}

function values(s: Scanner): Operand[] {
  const close = eat(s, '[') ? ']' : eat(s, '(') ? ')' : undefined;
  if (close === undefined) throw expected(s, 'a list such as ["a", "b"]');
  const list = [operand(s)];
  while (eat(s, ',')) list.push(operand(s));
  if (!eat(s, close)) throw expected(s, `, or ${close}`);
  return list;
}

function pattern(s: Scanner): RE2JS {
  skipSpace(s);
  const at = s.at;
  const source = eatQuoted(s);
  if (source === undefined) throw expected(s, 'a pattern in quotes');
  return compilePattern(source, () => expected(s, 'a pattern in RE2 syntax (no look-around, no back references)', at));
}

const KEYWORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

function operand(s: Scanner): Operand {
  skipSpace(s);
  const start = s.at;
  const next = s.text.charAt(start);
  const quoted = eatQuoted(s);
  if (quoted !== undefined) return { type: 'literal', value: quoted };
  if (next === '.' && /\d/.test(s.text.charAt(start + 1)) === false) return { type: 'path', path: pathAt(s) };
  if (next === '$' || next === '@' || next === '[') return { type: 'path', path: pathAt(s) };
  if (/[\d.+-]/.test(next)) {
    const amount = toAmount(eatPattern(s, AMOUNT));
    if (amount === undefined) throw expected(s, 'a number, a quantity (500m, 2Gi) or a duration (2h)', start);
    return { type: 'literal', value: amount };
  }
  return word(s, start);
}

function word(s: Scanner, start: number): Operand {
  const name = eatPattern(s, FIRST_NAME);
  if (name === undefined) throw expected(s, 'a path, a value or (');
  const next = s.text.charAt(s.at);
  if (next === '(') return call(s, name, start);
  if (next === '.' || next === '[') {
    s.at = start;
    return { type: 'path', path: pathAt(s) };
  }
  const keyword = KEYWORDS[name];
  if (keyword !== undefined && Object.hasOwn(KEYWORDS, name)) return { type: 'literal', value: keyword };
  throw expected(
    s,
    `a path or a value (quote text: "${name.slice(0, 40)}"; paths start with a dot: .${name.slice(0, 40)})`,
    start,
  );
}

function call(s: Scanner, name: string, start: number): Operand {
  if (name !== 'exists' && name !== 'age' && name !== 'len') throw expected(s, 'exists(…), age(…) or len(…)', start);
  s.at++;
  const path = pathAt(s);
  if (!eat(s, ')')) throw expected(s, ')');
  return { type: 'call', name, path };
}

/** Consumes a word operator such as `and` where no letter follows. */
function eatWord(s: Scanner, name: string): boolean {
  skipSpace(s);
  if (!s.text.startsWith(name, s.at) || /[A-Za-z0-9_.]/.test(s.text.charAt(s.at + name.length))) return false;
  s.at += name.length;
  return true;
}
