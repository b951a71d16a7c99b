/** sed: printing, deleting and replacing. */
import { invalid, refuseFiles } from './errors.ts';
import { readOptions } from './options.ts';
import { eachMatch } from './regex/posix.ts';
import { type Address, type Command, type End, readScript, type Substitution } from './sed-script.ts';
import { linesOf, type Out } from './text.ts';
import type { RunStage } from './types.ts';

const FILES = 'filters read only what the pipe brings, and write nothing else.';

const TABLE = {
  letters: 'nrEe:us',
  long: {
    quiet: 'n',
    silent: 'n',
    'regexp-extended': 'E',
    'expression:': 'e',
    unbuffered: 'u',
    sandbox: 'u',
  },
  refused: {
    f: 'the script cannot come from a file; give it with -e.',
    file: 'the script cannot come from a file; give it with -e.',
    i: FILES,
    'in-place': FILES,
    z: 'input here is lines.',
  },
};

/** Most characters of one line after a replacement. */
const MAX_LINE = 64 * 1024 * 1024;

export function sed(args: readonly string[]): RunStage {
  const { options, operands } = readOptions('sed', args, TABLE);
  const scripts = options.filter(({ name }) => name === 'e').map(({ value }) => value);
  if (scripts.length === 0) {
    const first = operands.shift();
    if (first === undefined) throw invalid('sed', 'a script is missing.');
    scripts.push(first);
  }
  refuseFiles('sed', operands);
  const extended = options.some(({ name }) => name === 'E' || name === 'r');
  const quiet = options.some(({ name }) => name === 'n');
  const text = scripts.join('\n');
  readScript(text, extended);
  // Ranges have a state, so that each run reads the script anew.
  return (input, out) => new Editor(readScript(text, extended), quiet, input, out).run();
}

/** After the last command of a line: go on, without printing it, or not at all. */
type Next = 'on' | 'drop' | 'quit' | 'quit-silently';

class Editor {
  readonly #commands: readonly Command[];
  readonly #quiet: boolean;
  readonly #lines: readonly string[];
  readonly #endsInNewline: boolean;
  readonly #out: Out;
  /** Ranges that have begun, with the line they end at where that is known. */
  readonly #open = new Map<Command, number | undefined>();
  /** Ranges that began at a line number and will not again. */
  readonly #over = new Set<Command>();
  #number = 0;
  #line = '';
  #exitCode = 0;
  #owesNewline = false;

  constructor(commands: readonly Command[], quiet: boolean, input: string, out: Out) {
    this.#commands = commands;
    this.#quiet = quiet;
    this.#lines = linesOf(input);
    this.#endsInNewline = input.endsWith('\n');
    this.#out = out;
  }

  run() {
    for (const line of this.#lines) {
      this.#number += 1;
      this.#line = line;
      const next = this.#all(this.#commands);
      if (!this.#quiet && (next === 'on' || next === 'quit')) this.#print();
      if (next === 'quit') this.#write('');
      if (next === 'quit' || next === 'quit-silently') break;
    }
    return { exitCode: this.#exitCode, error: '' };
  }

  #all(commands: readonly Command[]): Next {
    for (const command of commands) {
      if (this.#applies(command) === command.negated) continue;
      const next = this.#one(command);
      if (next !== 'on') return next;
    }
    return 'on';
  }

  #one({ action }: Command): Next {
    switch (action.kind) {
      case 'print':
        this.#print();
        return 'on';
      case 'number':
        this.#write(`${this.#number}\n`);
        return 'on';
      case 'delete':
        return 'drop';
      case 'quit':
        this.#exitCode = action.code;
        return action.silent ? 'quit-silently' : 'quit';
      case 'substitute':
        if (this.#substitute(action.how) && action.how.print) this.#print();
        return 'on';
      case 'block':
        return this.#all(action.body);
    }
  }

  #applies(command: Command): boolean {
    const { from, to } = command;
    if (from === undefined) return true;
    if (to === undefined) return this.#isAt(from);
    if (this.#open.has(command)) return this.#inRange(command);
    if (!this.#begins(command, from, to)) return false;
    if (from.kind === 'line') this.#over.add(command);
    const last = to.kind === 'line' ? to.line : to.kind === 'more' ? this.#number + to.lines : undefined;
    if (last === undefined || last > this.#number) this.#open.set(command, last);
    return true;
  }

  /** A line number begins its range once, also where a command before has kept it from that very line. */
  #begins(command: Command, from: Address, to: End): boolean {
    if (from.kind !== 'line') return this.#isAt(from);
    if (this.#over.has(command) || this.#number < from.line) return false;
    return this.#number === from.line || to.kind !== 'line' || this.#number <= to.line;
  }

  /**
   * A line number ends a range even where a command before has kept it from that very line; the line it then sees is out of the range,
   * but in it where so many lines were asked for, as sed has it. Anything else is looked for from the second line on.
   */
  #inRange(command: Command): boolean {
    const { to } = command;
    const last = this.#open.get(command);
    const isLast = last !== undefined ? this.#number >= last : to !== undefined && to.kind !== 'more' && this.#isAt(to);
    if (isLast) this.#open.delete(command);
    return last === undefined || this.#number <= last || to?.kind === 'more';
  }

  #isAt(address: Address): boolean {
    switch (address.kind) {
      case 'line':
        return this.#number === address.line;
      case 'last':
        return this.#number === this.#lines.length;
      case 'match':
        return address.pattern.test(this.#line);
      case 'every':
        if (address.step === 0) return this.#number === address.first;
        return this.#number >= address.first && (this.#number - address.first) % address.step === 0;
    }
  }

  #substitute({ pattern, parts, nth, all }: Substitution): boolean {
    const line = this.#line;
    let [result, copied, count] = ['', 0, 0];
    eachMatch(pattern, line, ({ start, end, group }) => {
      count += 1;
      if (count < nth) return true;
      const text = parts.map((part) => (typeof part === 'string' ? part : group(part)));
      result += line.slice(copied, start) + text.join('');
      copied = end;
      if (result.length > MAX_LINE) throw new RangeError('a line grew too long');
      return all;
    });
    if (count < nth) return false;
    this.#line = result + line.slice(copied);
    return true;
  }

  #print(): void {
    const isOpenEnd = this.#number === this.#lines.length && !this.#endsInNewline;
    this.#write(isOpenEnd ? this.#line : `${this.#line}\n`);
    this.#owesNewline = isOpenEnd;
  }

  /** A last line without newline gets one when more follows it, and from q. */
  #write(text: string): void {
    this.#out.write(this.#owesNewline ? `\n${text}` : text);
    this.#owesNewline = false;
  }
}
