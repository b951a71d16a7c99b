/** What grep was asked to do. */
import { invalid, refuseFiles } from './errors.ts';
import { type Option, type OptionTable, readCount, readOptions } from './options.ts';
import type { Dialect } from './regex/tokens.ts';

export interface GrepOptions {
  patterns: readonly string[];
  dialect: Dialect | 'fixed';
  ignoreCase: boolean;
  invert: boolean;
  word: boolean;
  line: boolean;
  /** What is printed: lines, their number, the matched parts, nothing, or the name of the input. */
  show: 'lines' | 'count' | 'parts' | 'nothing' | 'name-if-some' | 'name-if-none';
  numbers: boolean;
  /** `(standard input):` in front, with -H. */
  name: boolean;
  max: number;
  before: number;
  after: number;
  /** `--` between what is not next to each other: wherever context was asked for, even none. */
  separates: boolean;
}

const FILES = 'filters read only what the pipe brings.';

const TABLE: OptionTable = {
  digits: 'C',
  letters: 'ivEFGwxcnoqhHsalLe:m:A:B:C:y',
  long: {
    'ignore-case': 'i',
    'no-ignore-case': 'no-ignore-case',
    'invert-match': 'v',
    'extended-regexp': 'E',
    'fixed-strings': 'F',
    'basic-regexp': 'G',
    'word-regexp': 'w',
    'line-regexp': 'x',
    count: 'c',
    'line-number': 'n',
    'only-matching': 'o',
    quiet: 'q',
    silent: 'q',
    'no-filename': 'h',
    'with-filename': 'H',
    'no-messages': 's',
    text: 'a',
    'files-with-matches': 'l',
    'files-without-match': 'L',
    'regexp:': 'e',
    'max-count:': 'm',
    'after-context:': 'A',
    'before-context:': 'B',
    'context:': 'C',
    'line-buffered': 's',
  },
  refused: {
    P: 'Perl expressions can take exponential time. Write the pattern for -E: [0-9] for \\d, no look-around; -o prints what matched.',
    'perl-regexp': 'Perl expressions can take exponential time. Write the pattern for -E.',
    f: `patterns from a file: ${FILES} Give them with -e.`,
    file: `patterns from a file: ${FILES} Give them with -e.`,
    r: FILES,
    R: FILES,
    recursive: FILES,
    'dereference-recursive': FILES,
    d: FILES,
    include: FILES,
    exclude: FILES,
    'exclude-dir': FILES,
    'exclude-from': FILES,
    z: 'input here is lines.',
    'null-data': 'input here is lines.',
    color: 'there is no terminal to colour for.',
    colour: 'there is no terminal to colour for.',
  },
};

const isHarmless = (arg: string) => /^--colou?r=(never|auto)$/.test(arg);

export function readGrep(args: readonly string[]): GrepOptions {
  const words = args.filter((arg) => !isHarmless(arg));
  const { options, operands } = readOptions('grep', words, TABLE);
  const patterns = options.filter(({ name }) => name === 'e').map(({ value }) => value);
  if (patterns.length === 0) {
    const first = operands.shift();
    if (first === undefined) throw invalid('grep', 'a pattern is missing.');
    patterns.push(first);
  }
  refuseFiles('grep', operands);
  return read(
    options,
    patterns.flatMap((pattern) => pattern.split('\n')),
  );
}

function read(options: readonly Option[], patterns: readonly string[]): GrepOptions {
  const has = (name: string) => options.some((option) => option.name === name);
  const number = (names: string): number | undefined => {
    const last = options.filter(({ name }) => names.includes(name)).at(-1);
    return last === undefined ? undefined : readCount('grep', `-${last.name}`, last.value);
  };
  const dialects = options.filter(({ name }) => 'EFG'.includes(name)).map(({ name }) => name);
  const kinds = new Set(dialects);
  if (kinds.size > 1) throw invalid('grep', 'more than one of -E, -F and -G was given.');
  const context = number('C') ?? 0;
  const cases = options.filter(({ name }) => ['i', 'y', 'no-ignore-case'].includes(name)).at(-1)?.name;
  return {
    patterns,
    dialect: kinds.has('F') ? 'fixed' : kinds.has('E') ? 'extended' : 'basic',
    ignoreCase: cases === 'i' || cases === 'y',
    invert: has('v'),
    word: has('w') && !has('x'),
    line: has('x'),
    show: shown(has),
    numbers: has('n'),
    name: options.filter(({ name }) => name === 'h' || name === 'H').at(-1)?.name === 'H',
    max: maximum(options),
    before: number('B') ?? context,
    after: number('A') ?? context,
    separates: has('A') || has('B') || has('C'),
  };
}

function shown(has: (name: string) => boolean): GrepOptions['show'] {
  if (has('q')) return 'nothing';
  if (has('L')) return 'name-if-none';
  if (has('l')) return 'name-if-some';
  if (has('c')) return 'count';
  return has('o') ? 'parts' : 'lines';
}

function maximum(options: readonly Option[]): number {
  const last = options.filter(({ name }) => name === 'm').at(-1);
  if (last === undefined || /^-\d+$/.test(last.value)) return Number.POSITIVE_INFINITY;
  return readCount('grep', '-m', last.value);
}
