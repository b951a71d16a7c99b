/** Reads a program of awk: rules and statements. */
import { invalid } from '../errors.ts';
import { Cursor } from './cursor.ts';
import { type Context, readExpression } from './expressions.ts';
import type { Expression, Pattern, Program, Rule, Statement } from './syntax.ts';
import { readTokens } from './tokens.ts';

export function readProgram(text: string): Program {
  const cursor = new Cursor(readTokens(text));
  const rules: Rule[] = [];
  skipEnds(cursor);
  while (cursor.peek().kind !== 'end') {
    rules.push(readRule(cursor));
    skipEnds(cursor);
  }
  return { rules };
}

function skipEnds(cursor: Cursor): void {
  while (cursor.take('\n') || cursor.take(';'));
}

function readRule(cursor: Cursor): Rule {
  const pattern = readPattern(cursor);
  const body = cursor.is('{') ? readBlock(cursor) : undefined;
  if (body === undefined && (pattern.kind === 'begin' || pattern.kind === 'end'))
    throw invalid('awk', 'BEGIN and END need an action.');
  if (body === undefined && !(cursor.is('\n') || cursor.is(';') || cursor.peek().kind === 'end'))
    throw cursor.unexpected('expected an action or the end of the rule');
  return { pattern, body };
}

function readPattern(cursor: Cursor): Pattern {
  if (cursor.is('{')) return { kind: 'always' };
  if (cursor.take('BEGIN')) return { kind: 'begin' };
  if (cursor.take('END')) return { kind: 'end' };
  const from = readValue(cursor);
  if (!cursor.take(',')) return { kind: 'when', test: from };
  cursor.skipNewlines();
  return { kind: 'range', from, to: readValue(cursor) };
}

/** An expression that is no list. */
function readValue(cursor: Cursor, context: Context = {}): Expression {
  const value = readExpression(cursor, context);
  if (value.kind === 'list') throw invalid('awk', 'a list in parentheses is only for print and in.');
  return value;
}

function readBlock(cursor: Cursor): Statement {
  return cursor.nested(() => {
    cursor.expect('{');
    const body: Statement[] = [];
    skipEnds(cursor);
    while (!cursor.take('}')) {
      if (cursor.peek().kind === 'end') throw invalid('awk', 'a { is not closed.');
      body.push(readStatement(cursor));
      skipEnds(cursor);
    }
    return { kind: 'block', body };
  });
}

function readStatement(cursor: Cursor): Statement {
  return cursor.nested(() => {
    if (cursor.is('{')) return readBlock(cursor);
    if (cursor.take('if')) return readIf(cursor);
    if (cursor.take('while')) return { kind: 'while', test: readTest(cursor), body: readBody(cursor), testFirst: true };
    if (cursor.take('do')) return readDo(cursor);
    if (cursor.take('for')) return readFor(cursor);
    const statement = readSimple(cursor);
    if (!cursor.is('}') && !cursor.is(';') && !cursor.is('\n') && cursor.peek().kind !== 'end')
      throw cursor.unexpected('expected the end of the statement');
    return statement;
  });
}

function readSimple(cursor: Cursor): Statement {
  const print = cursor.takeOne(['print', 'printf']);
  if (print !== undefined) return { kind: print, items: readPrinted(cursor, print) };
  const jump = cursor.takeOne(['next', 'break', 'continue']);
  if (jump !== undefined) return { kind: jump };
  if (cursor.take('exit')) return { kind: 'exit', code: endsStatement(cursor) ? undefined : readValue(cursor) };
  if (cursor.take('delete')) return readDelete(cursor);
  return { kind: 'expression', value: readValue(cursor) };
}

const endsStatement = (cursor: Cursor) =>
  cursor.is(';') || cursor.is('\n') || cursor.is('}') || cursor.peek().kind === 'end';

function readPrinted(cursor: Cursor, print: 'print' | 'printf'): readonly Expression[] {
  if (endsStatement(cursor)) {
    if (print === 'printf') throw invalid('awk', 'printf needs a format.');
    return [];
  }
  const items: Expression[] = [];
  do {
    cursor.skipNewlines();
    items.push(readExpression(cursor, { noGreater: true }));
  } while (cursor.take(','));
  const [only] = items;
  if (items.length === 1 && only?.kind === 'list') return only.items;
  if (items.some(({ kind }) => kind === 'list'))
    throw invalid('awk', 'a list in parentheses is only for print and in.');
  return items;
}

function readDelete(cursor: Cursor): Statement {
  const name = cursor.name();
  if (!cursor.take('[')) return { kind: 'delete', name, keys: undefined };
  const keys: Expression[] = [];
  do keys.push(readValue(cursor));
  while (cursor.take(','));
  cursor.expect(']');
  return { kind: 'delete', name, keys };
}

function readTest(cursor: Cursor): Expression {
  cursor.expect('(');
  const test = readValue(cursor);
  cursor.expect(')');
  return test;
}

/** What a condition or loop governs: may stand on the next line, may be nothing. */
function readBody(cursor: Cursor): Statement {
  cursor.skipNewlines();
  if (cursor.take(';')) return { kind: 'block', body: [] };
  return readStatement(cursor);
}

function readIf(cursor: Cursor): Statement {
  const test = readTest(cursor);
  const yes = readBody(cursor);
  let ahead = 0;
  while (cursor.is('\n', ahead) || cursor.is(';', ahead)) ahead += 1;
  if (!cursor.is('else', ahead)) return { kind: 'if', test, yes, no: undefined };
  skipEnds(cursor);
  cursor.expect('else');
  return { kind: 'if', test, yes, no: readBody(cursor) };
}

function readDo(cursor: Cursor): Statement {
  const body = readBody(cursor);
  skipEnds(cursor);
  cursor.expect('while');
  return { kind: 'while', test: readTest(cursor), body, testFirst: false };
}

function readFor(cursor: Cursor): Statement {
  cursor.expect('(');
  if (cursor.peek().kind === 'name' && cursor.is('in', 1) && cursor.peek(2).kind === 'name' && cursor.is(')', 3)) {
    const variable = cursor.name();
    cursor.expect('in');
    const array = cursor.name();
    cursor.expect(')');
    return { kind: 'for-in', variable, array, body: readBody(cursor) };
  }
  const start = cursor.is(';') ? undefined : readSimple(cursor);
  cursor.expect(';');
  cursor.skipNewlines();
  const test = cursor.is(';') ? undefined : readValue(cursor);
  cursor.expect(';');
  cursor.skipNewlines();
  const next = cursor.is(')') ? undefined : readSimple(cursor);
  cursor.expect(')');
  return { kind: 'for', start, test, next, body: readBody(cursor) };
}
