/** What awk's expressions are worth. */
import type { RE2JS } from 're2js';
import { callFunction } from './calls.ts';
import type { Memory } from './memory.ts';
import type { Arithmetic, Comparison, Expression, Target } from './syntax.ts';
import { compareValues, toNumber, toTruth, type Value } from './values.ts';

export class Evaluator {
  readonly memory: Memory;

  constructor(memory: Memory) {
    this.memory = memory;
  }

  value(expression: Expression): Value {
    switch (expression.kind) {
      case 'number':
      case 'string':
        return expression.value;
      case 'regex':
        return this.#flag(expression.pattern.test(this.memory.textOf(this.memory.line.get(0))));
      case 'variable':
      case 'element':
      case 'field':
        return this.#read(expression);
      case 'assign':
        return this.#assign(expression);
      case 'step':
        return this.#step(expression);
      case 'arithmetic':
        return calculate(expression.operator, this.number(expression.left), this.number(expression.right));
      case 'concat':
        return this.text(expression.left) + this.text(expression.right);
      case 'call':
        return callFunction(this, expression.name, expression.args);
      case 'choose':
        return this.value(this.truth(expression.test) ? expression.yes : expression.no);
      case 'minus':
        return -this.number(expression.of);
      case 'plus':
        return this.number(expression.of);
      default:
        return this.#flag(this.#question(expression));
    }
  }

  #question(expression: Expression): boolean {
    switch (expression.kind) {
      case 'compare': {
        const { left, right, operator } = expression;
        return holds(operator, compareValues(this.value(left), this.value(right), this.memory.text('CONVFMT')));
      }
      case 'and':
        return this.truth(expression.left) && this.truth(expression.right);
      case 'or':
        return this.truth(expression.left) || this.truth(expression.right);
      case 'not':
        return !this.truth(expression.of);
      case 'match':
        return this.pattern(expression.pattern).test(this.text(expression.text)) !== expression.negated;
      case 'in':
        return this.memory.array(expression.name).has(this.key(expression.keys));
      default:
        throw new Error('a list in parentheses has no value');
    }
  }

  number(expression: Expression): number {
    return toNumber(this.value(expression));
  }

  text(expression: Expression): string {
    return this.memory.textOf(this.value(expression));
  }

  truth(expression: Expression): boolean {
    return toTruth(this.value(expression));
  }

  /** A pattern as such, or text that is one. */
  pattern(expression: Expression): RE2JS {
    return expression.kind === 'regex' ? expression.pattern : this.memory.patterns.of(this.text(expression));
  }

  key(keys: readonly Expression[]): string {
    return keys.map((key) => this.text(key)).join(keys.length > 1 ? this.memory.text('SUBSEP') : '');
  }

  write(target: Target, value: Value): void {
    if (target.kind === 'variable') this.memory.set(target.name, value);
    else if (target.kind === 'element') this.memory.setElement(target.name, this.key(target.keys), value);
    else this.memory.line.set(this.number(target.index), value);
  }

  #read(target: Target): Value {
    if (target.kind === 'variable') return this.memory.get(target.name);
    if (target.kind === 'element') return this.memory.element(target.name, this.key(target.keys));
    return this.memory.line.get(this.number(target.index));
  }

  #assign({ operator, target, value }: Extract<Expression, { kind: 'assign' }>): Value {
    const right = this.value(value);
    const result = operator === undefined ? right : calculate(operator, toNumber(this.#read(target)), toNumber(right));
    this.write(target, result);
    return result;
  }

  #step({ target, by, before }: Extract<Expression, { kind: 'step' }>): number {
    const old = toNumber(this.#read(target));
    this.write(target, old + by);
    return before ? old + by : old;
  }

  #flag(is: boolean): number {
    return is ? 1 : 0;
  }
}

function calculate(operator: Arithmetic, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '^':
      return left ** right;
    default:
      if (right === 0) throw new Error('division by zero');
      return operator === '/' ? left / right : left % right;
  }
}

function holds(operator: Comparison, order: number): boolean {
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}
