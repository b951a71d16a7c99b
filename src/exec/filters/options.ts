/** Reads options as getopt_long does: clusters, values attached or apart, long names by unique beginning, `--`. */
import { invalid, refused, shorten } from './errors.ts';

export interface OptionTable {
  /** Letters as for getopt: `ivn:`, a colon where a value follows. */
  letters: string;
  /** Long names to letters, or to another name for those that have none. `name:` takes a value. */
  long: Readonly<Record<string, string>>;
  /** What `-5` means: the letter that takes the 5. */
  digits?: string;
  /** Letters and long names that the tool has and that are never accepted: why. */
  refused?: Readonly<Record<string, string>>;
}

export interface Option {
  /** The letter, or what `long` maps to. */
  name: string;
  value: string;
}

export interface Words {
  options: Option[];
  operands: string[];
}

/** Every option in order, and what is left. Options may come after operands, as GNU tools take them. */
export function readOptions(tool: string, args: readonly string[], table: OptionTable): Words {
  const words: Words = { options: [], operands: [] };
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      words.operands.push(...rest);
      break;
    }
    if (word.startsWith('--')) words.options.push(longOption(tool, word, rest, table));
    else if (table.digits !== undefined && /^-\d+$/.test(word))
      words.options.push({ name: table.digits, value: word.slice(1) });
    else if (word.startsWith('-') && word !== '-') words.options.push(...cluster(tool, word, rest, table));
    else words.operands.push(word);
  }
  return words;
}

function longOption(tool: string, word: string, rest: string[], table: OptionTable): Option {
  const equals = word.indexOf('=');
  const given = equals === -1 ? word.slice(2) : word.slice(2, equals);
  const attached = equals === -1 ? undefined : word.slice(equals + 1);
  const reason = reasonOf(given, table);
  if (reason !== undefined) throw refused(tool, `--${given} is not available: ${reason}`);
  const key = longKey(tool, given, table);
  const name = table.long[key] ?? '';
  const takes = key.endsWith(':') || (name.length === 1 && takesValue(name, table));
  if (!takes) {
    if (attached !== undefined) throw invalid(tool, `--${given} takes no value.`);
    return { name, value: '' };
  }
  return { name, value: attached ?? next(tool, `--${given}`, rest) };
}

function longKey(tool: string, given: string, table: OptionTable): string {
  const keys = Object.keys(table.long);
  const exact = keys.find((key) => plain(key) === given);
  if (exact !== undefined) return exact;
  const starts = keys.filter((key) => key.startsWith(given));
  const meanings = new Set(starts.map((key) => table.long[key]));
  const [first] = starts;
  if (first !== undefined && meanings.size === 1) return first;
  throw invalid(tool, `unknown option --${shorten(given)}.`, accepted(table));
}

function cluster(tool: string, word: string, rest: string[], table: OptionTable): Option[] {
  const options: Option[] = [];
  const letters = [...word.slice(1)];
  for (let letter = letters.shift(); letter !== undefined; letter = letters.shift()) {
    const reason = reasonOf(letter, table);
    if (reason !== undefined) throw refused(tool, `-${letter} is not available: ${reason}`);
    if (letter === ':' || !table.letters.includes(letter))
      throw invalid(tool, `unknown option -${letter}.`, accepted(table));
    if (!takesValue(letter, table)) {
      options.push({ name: letter, value: '' });
      continue;
    }
    const attached = letters.splice(0).join('');
    options.push({ name: letter, value: attached === '' ? next(tool, `-${letter}`, rest) : attached });
  }
  return options;
}

function reasonOf(name: string, { refused: reasons = {} }: OptionTable): string | undefined {
  return Object.hasOwn(reasons, name) ? reasons[name] : undefined;
}

function takesValue(letter: string, table: OptionTable): boolean {
  const at = table.letters.indexOf(letter);
  return at !== -1 && table.letters[at + 1] === ':';
}

function next(tool: string, option: string, rest: string[]): string {
  const value = rest.shift();
  if (value === undefined) throw invalid(tool, `${option} needs a value.`);
  return value;
}

function plain(key: string): string {
  return key.endsWith(':') ? key.slice(0, -1) : key;
}

function accepted(table: OptionTable): string {
  const letters = [...table.letters.replaceAll(':', '')].map((letter) => `-${letter}`);
  const long = Object.keys(table.long).map((key) => `--${plain(key)}`);
  return `Accepted: ${[...letters, ...long].join(' ')}.`;
}

/** A count with the multiplier suffixes of coreutils (`K` = 1024, `kB` = 1000). */
export function readCount(tool: string, option: string, text: string): number {
  const parts = /^(\d+)(b|kB|[kK]|MB|M|GB|G)?$/.exec(text);
  if (parts === null) throw invalid(tool, `${option} needs a number, not '${shorten(text)}'.`);
  const factor = { b: 512, kB: 1e3, k: 1024, K: 1024, MB: 1e6, M: 1024 ** 2, GB: 1e9, G: 1024 ** 3 };
  const suffix = parts[2];
  const times = suffix === undefined ? 1 : (Object.entries(factor).find(([name]) => name === suffix)?.[1] ?? 1);
  return Math.min(Number(parts[1]) * times, Number.MAX_SAFE_INTEGER);
}
