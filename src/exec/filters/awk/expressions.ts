/** Reads awk's expressions, loosest operators first. */
import { invalid } from '../errors.ts';
import { compilePatterns } from '../regex/posix.ts';
import type { Cursor } from './cursor.ts';
import { ARITY } from './functions.ts';
import type { Arithmetic, Expression, Target } from './syntax.ts';

/** `print a > b` writes to a file, `for (k in a)` is no question: there these two are no operators. */
export interface Context {
  noGreater?: boolean;
  noIn?: boolean;
}

const ASSIGN: Readonly<Record<string, Arithmetic | undefined>> = {
  '=': undefined,
  '+=': '+',
  '-=': '-',
  '*=': '*',
  '/=': '/',
  '%=': '%',
  '^=': '^',
  '**=': '^',
};

export function readExpression(cursor: Cursor, context: Context = {}): Expression {
  return cursor.nested(() => {
    const left = readChoice(cursor, context);
    const operator = cursor.takeOne(Object.keys(ASSIGN));
    if (operator === undefined) return left;
    if (!isTarget(left)) throw invalid('awk', `nothing can be assigned to what stands before '${operator}'.`);
    cursor.skipNewlines();
    return { kind: 'assign', operator: ASSIGN[operator], target: left, value: readExpression(cursor, context) };
  });
}

function isTarget(expression: Expression): expression is Target {
  return expression.kind === 'variable' || expression.kind === 'element' || expression.kind === 'field';
}

function readChoice(cursor: Cursor, context: Context): Expression {
  const test = readOr(cursor, context);
  if (!cursor.take('?')) return test;
  cursor.skipNewlines();
  const yes = readExpression(cursor, context);
  cursor.skipNewlines();
  cursor.expect(':');
  cursor.skipNewlines();
  return { kind: 'choose', test, yes, no: readExpression(cursor, context) };
}

function readOr(cursor: Cursor, context: Context): Expression {
  let left = readAnd(cursor, context);
  while (cursor.take('||')) {
    cursor.skipNewlines();
    left = { kind: 'or', left, right: readAnd(cursor, context) };
  }
  return left;
}

function readAnd(cursor: Cursor, context: Context): Expression {
  let left = readIn(cursor, context);
  while (cursor.take('&&')) {
    cursor.skipNewlines();
    left = { kind: 'and', left, right: readIn(cursor, context) };
  }
  return left;
}

function readIn(cursor: Cursor, context: Context): Expression {
  let left = readMatch(cursor, context);
  while (context.noIn !== true && cursor.take('in'))
    left = { kind: 'in', keys: left.kind === 'list' ? left.items : [left], name: cursor.name() };
  return left;
}

function readMatch(cursor: Cursor, context: Context): Expression {
  let left = readComparison(cursor, context);
  for (let mark = cursor.takeOne(['~', '!~']); mark !== undefined; mark = cursor.takeOne(['~', '!~']))
    left = { kind: 'match', negated: mark === '!~', text: left, pattern: readComparison(cursor, context) };
  return left;
}

function readComparison(cursor: Cursor, context: Context): Expression {
  const left = readConcat(cursor, context);
  const operator = cursor.takeOne([
    '<',
    '<=',
    '==',
    '!=',
    '>=',
    ...(context.noGreater === true ? [] : (['>'] as const)),
  ]);
  return operator === undefined ? left : { kind: 'compare', operator, left, right: readConcat(cursor, context) };
}

function readConcat(cursor: Cursor, context: Context): Expression {
  let left = readSum(cursor, context);
  while (startsOperand(cursor)) left = { kind: 'concat', left, right: readSum(cursor, context) };
  return left;
}

function startsOperand(cursor: Cursor): boolean {
  const { kind } = cursor.peek();
  if (kind === 'mark') return ['$', '(', '++', '--'].some((mark) => cursor.is(mark));
  return kind === 'number' || kind === 'string' || kind === 'name' || kind === 'call' || kind === 'regex';
}

function readSum(cursor: Cursor, context: Context): Expression {
  let left = readProduct(cursor, context);
  for (let operator = cursor.takeOne(['+', '-']); operator !== undefined; operator = cursor.takeOne(['+', '-']))
    left = { kind: 'arithmetic', operator, left, right: readProduct(cursor, context) };
  return left;
}

function readProduct(cursor: Cursor, context: Context): Expression {
  let left = readUnary(cursor, context);
  for (
    let operator = cursor.takeOne(['*', '/', '%']);
    operator !== undefined;
    operator = cursor.takeOne(['*', '/', '%'])
  )
    left = { kind: 'arithmetic', operator, left, right: readUnary(cursor, context) };
  return left;
}

function readUnary(cursor: Cursor, context: Context): Expression {
  const sign = cursor.takeOne(['!', '-', '+']);
  if (sign === undefined) return readPower(cursor, context);
  const of = cursor.nested(() => readUnary(cursor, context));
  return { kind: sign === '!' ? 'not' : sign === '-' ? 'minus' : 'plus', of };
}

function readPower(cursor: Cursor, context: Context): Expression {
  const left = readPostfix(cursor, context);
  if (cursor.takeOne(['^', '**']) === undefined) return left;
  const right = cursor.nested(() => readUnary(cursor, context));
  return { kind: 'arithmetic', operator: '^', left, right };
}

function readPostfix(cursor: Cursor, context: Context): Expression {
  const operand = readPrimary(cursor, context);
  if (!isTarget(operand)) return operand;
  const mark = cursor.takeOne(['++', '--']);
  return mark === undefined ? operand : { kind: 'step', target: operand, by: mark === '++' ? 1 : -1, before: false };
}

function readPrimary(cursor: Cursor, context: Context): Expression {
  const step = cursor.takeOne(['++', '--']);
  if (step !== undefined) {
    const target = cursor.nested(() => readPrimary(cursor, context));
    if (!isTarget(target)) throw invalid('awk', `${step} needs a variable or a field.`);
    return { kind: 'step', target, by: step === '++' ? 1 : -1, before: true };
  }
  if (cursor.take('$')) {
    const index = cursor.nested(() => (cursor.is('-') ? readUnary(cursor, context) : readPrimary(cursor, context)));
    return { kind: 'field', index };
  }
  if (cursor.take('(')) return cursor.nested(() => readGroup(cursor));
  const token = cursor.peek();
  if (token.kind === 'mark' || token.kind === 'word' || token.kind === 'end')
    throw cursor.unexpected('expected a value');
  cursor.next();
  if (token.kind === 'number') return { kind: 'number', value: token.value };
  if (token.kind === 'string') return { kind: 'string', value: token.value };
  if (token.kind === 'regex')
    return {
      kind: 'regex',
      pattern: compilePatterns([token.value], { dialect: 'extended', host: 'awk', budget: cursor.budget }),
    };
  return readNamed(cursor, token.value, token.kind === 'call');
}

function readGroup(cursor: Cursor): Expression {
  const items = readItems(cursor);
  const [first] = items;
  if (first === undefined) throw cursor.unexpected('expected a value');
  return items.length === 1 ? first : { kind: 'list', items };
}

/** Up to and with the closing parenthesis. */
function readItems(cursor: Cursor): Expression[] {
  const items: Expression[] = [];
  cursor.skipNewlines();
  if (cursor.take(')')) return items;
  do {
    cursor.skipNewlines();
    items.push(readExpression(cursor));
    cursor.skipNewlines();
  } while (cursor.take(','));
  cursor.expect(')');
  return items;
}

function readNamed(cursor: Cursor, name: string, isCall: boolean): Expression {
  const arity = Object.hasOwn(ARITY, name) ? ARITY[name] : undefined;
  if (arity !== undefined) {
    const args = cursor.take('(') ? readItems(cursor) : [];
    if (args.length < arity[0] || args.length > arity[1])
      throw invalid('awk', `${name} does not take ${args.length} arguments.`);
    return { kind: 'call', name, args };
  }
  if (isCall) throw invalid('awk', `there is no function ${name}.`, `Functions: ${Object.keys(ARITY).join(', ')}.`);
  if (!cursor.take('[')) return { kind: 'variable', name };
  const keys: Expression[] = [];
  do keys.push(readExpression(cursor));
  while (cursor.take(','));
  cursor.expect(']');
  return { kind: 'element', name, keys };
}
