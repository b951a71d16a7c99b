/** sort: in the order of code points (the locale C.UTF-8), by keys, by numbers. */
import { invalid, refuseFiles } from './errors.ts';
import { readOptions } from './options.ts';
import { comparison, keyText, PLAIN, readKey, readOrder, type SortKey } from './sort-keys.ts';
import { compareText, linesOf } from './text.ts';
import { DONE, type RunStage } from './types.ts';

const FILES = 'filters write nothing but the pipe.';

const TABLE = {
  letters: 'rnuhVfbgdiMscCk:t:S:m',
  long: {
    reverse: 'r',
    'numeric-sort': 'n',
    unique: 'u',
    'human-numeric-sort': 'h',
    'version-sort': 'V',
    'ignore-case': 'f',
    'ignore-leading-blanks': 'b',
    'general-numeric-sort': 'g',
    'dictionary-order': 'd',
    'ignore-nonprinting': 'i',
    'month-sort': 'M',
    stable: 's',
    'key:': 'k',
    'field-separator:': 't',
    'buffer-size:': 'S',
    'parallel:': 'S',
    merge: 'm',
    check: 'c',
  },
  refused: {
    o: FILES,
    output: FILES,
    T: FILES,
    'temporary-directory': FILES,
    'files0-from': 'filters read only what the pipe brings.',
    'compress-program': 'no program is started for a filter.',
    'random-source': 'filters read only what the pipe brings.',
    R: 'the order would be another each time.',
    'random-sort': 'the order would be another each time.',
    z: 'input here is lines.',
  },
};

interface Plan {
  keys: readonly SortKey[];
  separator: string | undefined;
  unique: boolean;
  /** Equal lines stay in the order of the input. */
  stable: boolean;
  reverse: boolean;
  check: boolean;
}

interface Entry {
  line: string;
  keys: readonly string[];
}

export function sort(args: readonly string[]): RunStage {
  const plan = readPlan(args);
  return (input, out) => {
    const entries = linesOf(input).map((line) => ({
      line,
      keys: plan.keys.map((key) => keyText(line, key, plan.separator)),
    }));
    if (plan.check) return checked(entries, plan);
    entries.sort(comparer(plan));
    const same = keyComparer(plan);
    entries.forEach((entry, index) => {
      const before = entries[index - 1];
      if (!plan.unique || before === undefined || same(before, entry) !== 0) out.write(`${entry.line}\n`);
    });
    return DONE;
  };
}

function readPlan(args: readonly string[]): Plan {
  const { options, operands } = readOptions('sort', args, TABLE);
  refuseFiles('sort', operands);
  const has = (name: string) => options.some((option) => option.name === name);
  const letters = options
    .map(({ name }) => name)
    .filter((name) => 'nhVgMrfdib'.includes(name))
    .join('');
  const global = letters === '' ? PLAIN : readOrder(letters, has('b'), has('b'));
  const keys = options.filter(({ name }) => name === 'k').map(({ value }) => readKey(value, global));
  const whole: SortKey = { start: { field: 1, char: 1 }, end: undefined, order: global };
  const unique = has('u');
  return {
    keys: keys.length === 0 ? [whole] : keys,
    separator: separatorOf(options.filter(({ name }) => name === 't').at(-1)?.value),
    unique,
    stable: has('s') || unique,
    reverse: has('r'),
    check: has('c') || has('C'),
  };
}

function separatorOf(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (value === '\\0') return '\0';
  if ([...value].length !== 1) throw invalid('sort', '-t needs a single character.');
  return value;
}

/** By the keys alone. */
function keyComparer({ keys }: Plan): (a: Entry, b: Entry) => number {
  const orders = keys.map(({ order }) => ({ compare: comparison(order), sign: order.reverse ? -1 : 1 }));
  return (a, b) => {
    for (const [index, { compare, sign }] of orders.entries()) {
      const result = compare(a.keys[index] ?? '', b.keys[index] ?? '');
      if (result !== 0) return result * sign;
    }
    return 0;
  };
}

/** Lines whose keys are equal are ordered as text, but for -s and -u. */
function comparer(plan: Plan): (a: Entry, b: Entry) => number {
  const byKeys = keyComparer(plan);
  if (plan.stable) return byKeys;
  const sign = plan.reverse ? -1 : 1;
  return (a, b) => byKeys(a, b) || compareText(a.line, b.line) * sign;
}

function checked(entries: readonly Entry[], plan: Plan) {
  const compare = comparer(plan);
  const index = entries.findIndex((entry, at) => {
    const before = entries[at - 1];
    if (before === undefined) return false;
    const order = compare(before, entry);
    return plan.unique ? order >= 0 : order > 0;
  });
  const wrong = entries[index];
  return wrong === undefined
    ? DONE
    : { exitCode: 1, error: `sort: -:${index + 1}: disorder: ${wrong.line.slice(0, 200)}` };
}
