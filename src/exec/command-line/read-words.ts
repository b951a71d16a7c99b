import type { FlagSpec } from '../binaries/spec.ts';
import type { CommandNode, FlagTable, ToolTable } from './lookup.ts';
import { mistake, neverRun, shown, unknownName } from './refusals.ts';

/** A flag as it was written. */
export interface ReadFlag {
  spec: FlagSpec;
  /** undefined where the flag took none. Of a switch: `true` or `false`. */
  value: string | undefined;
}

/** The words of a command, told apart as pflag does it. */
export interface ReadWords {
  flags: readonly ReadFlag[];
  positionals: readonly { text: string; index: number }[];
  trailing: readonly string[] | undefined;
}

/** Reads every word with the flags of `node`; those that `node` does not have, or never accepts, are refused. */
export function readWords(tool: ToolTable, node: CommandNode, words: readonly string[]): ReadWords {
  return new WordReader(tool, node.flags, node.path, words).read();
}

/** What Go's strconv.ParseBool takes. */
const BOOLEANS: Readonly<Record<string, string>> = Object.fromEntries([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((word) => [word, 'true']),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((word) => [word, 'false']),
]);

class WordReader {
  readonly #tool: ToolTable;
  readonly #table: FlagTable;
  readonly #path: readonly string[];
  readonly #words: readonly string[];
  readonly #flags: ReadFlag[] = [];
  #at = 0;

  constructor(tool: ToolTable, table: FlagTable, path: readonly string[], words: readonly string[]) {
    this.#tool = tool;
    this.#table = table;
    this.#path = path;
    this.#words = words;
  }

  read(): ReadWords {
    const positionals: { text: string; index: number }[] = [];
    let trailing: readonly string[] | undefined;
    while (this.#at < this.#words.length && trailing === undefined) {
      const index = this.#at;
      const word = this.#words[index] ?? '';
      this.#at += 1;
      if (word === '--') trailing = this.#words.slice(this.#at);
      else if (word.startsWith('--')) this.#long(word);
      else if (word.startsWith('-') && word.length > 1) this.#shorts(word);
      else positionals.push({ text: word, index });
    }
    return { flags: this.#flags, positionals, trailing };
  }

  #long(word: string): void {
    const equals = word.indexOf('=');
    const written = equals === -1 ? word.slice(2) : word.slice(2, equals);
    if (written === '' || written.startsWith('-')) {
      throw mistake(`"${shown(word)}" is no flag.`, 'Write --name=value.');
    }
    const name = this.#tool.spec.underscoresAreDashes ? written.replaceAll('_', '-') : written;
    const spec = this.#table.long.get(name);
    if (spec === undefined) throw this.#unknown(`--${written}`);
    if (equals !== -1) this.#add(spec, word.slice(equals + 1));
    else if (spec.arity === 'value') this.#add(spec, this.#nextWord(spec));
    else this.#add(spec, undefined);
  }

  /** `-Aw`, `-nvalue`, `-n=value`, `-itc name`: letters until one takes the rest as its value. */
  #shorts(word: string): void {
    for (let at = 1; at < word.length; ) {
      const letter = String.fromCodePoint(word.codePointAt(at) ?? 0);
      const spec = this.#table.short.get(letter);
      if (spec === undefined) throw this.#unknown(`-${letter}`);
      const rest = word.slice(at + letter.length);
      if (rest.length > 1 && rest.startsWith('=')) {
        this.#add(spec, rest.slice(1));
        return;
      }
      if (spec.arity === 'value') {
        this.#add(spec, rest === '' ? this.#nextWord(spec) : rest);
        return;
      }
      this.#add(spec, undefined);
      at += letter.length;
    }
  }

  #nextWord(spec: FlagSpec): string {
    const word = this.#words[this.#at];
    if (word === undefined) throw mistake(`the flag --${spec.name} needs a value.`, `Write --${spec.name}=value.`);
    this.#at += 1;
    return word;
  }

  #add(spec: FlagSpec, given: string | undefined): void {
    if (spec.refused !== undefined) throw neverRun(`The flag --${spec.name}`, spec.refused);
    let value = given;
    if (spec.role === 'selector' && value !== undefined) value = this.#wholeSelector(value);
    if (spec.arity === 'switch' && value !== undefined) value = switchValue(spec, value);
    checkValues(spec, value);
    this.#flags.push({ spec, value });
  }

  /** `-l env in (a, b)` came as several words: they belong together wherever a selector can go on. */
  #wholeSelector(start: string): string {
    let value = start;
    for (;;) {
      const [operator, set] = this.#words.slice(this.#at, this.#at + 2);
      if ((operator !== 'in' && operator !== 'notin') || !set?.startsWith('(') || !ENDS_WITH_KEY.test(value))
        return value;
      value = `${value} ${operator} ${set}`;
      this.#at += 2;
    }
  }

  #unknown(written: string) {
    const command = [this.#tool.spec.name, ...this.#path].join(' ');
    const known = [...this.#table.long.values()].filter(({ refused }) => refused === undefined);
    const names = written.startsWith('--') ? known.map(({ name }) => `--${name}`) : [];
    return unknownName(`${command}: the flag`, written, names, `Its flags are shown by \`${command} --help\`.`);
  }
}

/** What `in` may follow: a label's key, alone or after a comma. */
const ENDS_WITH_KEY = /(?:^|,) ?[A-Za-z0-9][A-Za-z0-9._/-]*$/;

function switchValue(spec: FlagSpec, value: string): string {
  const known = Object.hasOwn(BOOLEANS, value) ? BOOLEANS[value] : undefined;
  if (known === undefined) {
    throw mistake(`--${spec.name} takes no value but true or false.`, `Write --${spec.name}.`);
  }
  return known;
}

function checkValues(spec: FlagSpec, value: string | undefined): void {
  if (spec.values === undefined || value === undefined || spec.values.includes(value)) return;
  if (spec.otherwise !== undefined) throw neverRun(`--${spec.name} with that value`, spec.otherwise);
  throw mistake(`--${spec.name} does not take "${shown(value)}".`, undefined, spec.values);
}
