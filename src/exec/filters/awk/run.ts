/** Runs a program of awk over lines. */
import { eachLine, type Out } from '../text.ts';
import { formatted } from './calls.ts';
import { Evaluator } from './evaluate.ts';
import { Memory } from './memory.ts';
import type { Program, Rule, Statement } from './syntax.ts';
import type { Value } from './values.ts';

/** How a statement ended: `on` to the next, out of a loop, to the next line, or at the end. */
type Flow = 'on' | 'break' | 'continue' | 'next' | 'exit';

export function runProgram(
  program: Program,
  assignments: readonly (readonly [string, Value])[],
  input: string,
  out: Out,
): number {
  return new Machine(program, new Memory(assignments), out).run(input);
}

class Machine {
  readonly #program: Program;
  readonly #memory: Memory;
  readonly #evaluator: Evaluator;
  readonly #out: Out;
  readonly #openRanges = new Set<Rule>();
  #exitCode = 0;

  constructor(program: Program, memory: Memory, out: Out) {
    this.#program = program;
    this.#memory = memory;
    this.#evaluator = new Evaluator(memory);
    this.#out = out;
  }

  run(input: string): number {
    const { rules } = this.#program;
    let flow = this.#special('begin');
    if (flow !== 'exit' && rules.some(({ pattern }) => pattern.kind !== 'begin')) {
      eachLine(input, (line) => {
        this.#memory.lineNumber += 1;
        this.#memory.line.read(line);
        flow = this.#line();
        return flow !== 'exit';
      });
    }
    // After exit in BEGIN or in a line END still runs, as POSIX has it.
    this.#special('end');
    return this.#exitCode;
  }

  #special(kind: 'begin' | 'end'): Flow {
    for (const { pattern, body } of this.#program.rules)
      if (pattern.kind === kind && body !== undefined && this.#statement(body) === 'exit') return 'exit';
    return 'on';
  }

  #line(): Flow {
    for (const rule of this.#program.rules) {
      if (!this.#applies(rule)) continue;
      if (rule.body === undefined) this.#print([]);
      else {
        const flow = this.#statement(rule.body);
        if (flow === 'next' || flow === 'exit') return flow;
      }
    }
    return 'on';
  }

  #applies(rule: Rule): boolean {
    const { pattern } = rule;
    if (pattern.kind === 'always') return true;
    if (pattern.kind === 'when') return this.#evaluator.truth(pattern.test);
    if (pattern.kind !== 'range') return false;
    if (!this.#openRanges.has(rule) && !this.#evaluator.truth(pattern.from)) return false;
    if (this.#evaluator.truth(pattern.to)) this.#openRanges.delete(rule);
    else this.#openRanges.add(rule);
    return true;
  }

  #statement(statement: Statement): Flow {
    switch (statement.kind) {
      case 'block':
        return this.#block(statement.body);
      case 'expression':
        this.#evaluator.value(statement.value);
        return 'on';
      case 'print':
        this.#print(statement.items.map((item) => this.#evaluator.value(item)));
        return 'on';
      case 'printf':
        this.#out.write(formatted(this.#evaluator, statement.items));
        return 'on';
      case 'if':
        if (this.#evaluator.truth(statement.test)) return this.#statement(statement.yes);
        return statement.no === undefined ? 'on' : this.#statement(statement.no);
      case 'while':
        return this.#while(statement);
      case 'for':
        return this.#for(statement);
      case 'for-in':
        return this.#forIn(statement);
      case 'delete':
        this.#delete(statement);
        return 'on';
      case 'exit':
        if (statement.code !== undefined) this.#exitCode = this.#evaluator.number(statement.code) & 255;
        return 'exit';
      default:
        return statement.kind;
    }
  }

  #block(body: readonly Statement[]): Flow {
    for (const statement of body) {
      const flow = this.#statement(statement);
      if (flow !== 'on') return flow;
    }
    return 'on';
  }

  /** undefined: the loop goes on. */
  #round(body: Statement): Flow | undefined {
    const flow = this.#statement(body);
    if (flow === 'break') return 'on';
    return flow === 'next' || flow === 'exit' ? flow : undefined;
  }

  #while({ test, body, testFirst }: Extract<Statement, { kind: 'while' }>): Flow {
    if (testFirst && !this.#evaluator.truth(test)) return 'on';
    do {
      const flow = this.#round(body);
      if (flow !== undefined) return flow;
    } while (this.#evaluator.truth(test));
    return 'on';
  }

  #for({ start, test, next, body }: Extract<Statement, { kind: 'for' }>): Flow {
    if (start !== undefined) this.#statement(start);
    while (test === undefined || this.#evaluator.truth(test)) {
      const flow = this.#round(body);
      if (flow !== undefined) return flow;
      if (next !== undefined) this.#statement(next);
    }
    return 'on';
  }

  /** In the order in which the entries were made; awk promises none. */
  #forIn({ variable, array, body }: Extract<Statement, { kind: 'for-in' }>): Flow {
    for (const key of [...this.#memory.array(array).keys()]) {
      this.#memory.set(variable, key);
      const flow = this.#round(body);
      if (flow !== undefined) return flow;
    }
    return 'on';
  }

  #delete({ name, keys }: Extract<Statement, { kind: 'delete' }>): void {
    this.#memory.remove(name, keys === undefined ? undefined : this.#evaluator.key(keys));
  }

  #print(values: readonly Value[]): void {
    const shown = values.length === 0 ? [this.#memory.line.get(0)] : values;
    this.#out.write(
      shown.map((value) => this.#memory.printed(value)).join(this.#memory.text('OFS')) + this.#memory.text('ORS'),
    );
  }
}
