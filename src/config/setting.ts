/** The kinds of setting. Each knows how to read its text form; none of this needs zod, because the fast start reads settings too. */

export type Parsed<T> = { ok: true; value: T } | { ok: false; problem: string };

export interface Setting<T> {
  /** Long flag without dashes. */
  flag: string;
  /** Environment names, first set wins. */
  env: readonly string[];
  /** One line for --help and the reference. */
  help: string;
  group: 'Cluster' | 'Policy' | 'Tools' | 'Graph' | 'Serving' | 'Answers' | 'Logging' | 'Hidden';
  fallback: T;
  /** How a value is written in help: `<path>`, `<n>`; empty for a switch. */
  shape: string;
  isSwitch: boolean;
  parse(text: string): Parsed<T>;
}

type Names = Pick<Setting<unknown>, 'flag' | 'env' | 'help' | 'group'>;

const ok = <T>(value: T): Parsed<T> => ({ ok: true, value });

export function text(names: Names & { shape: string }): Setting<string | undefined> {
  return { ...names, fallback: undefined, isSwitch: false, parse: (value) => ok(value === '' ? undefined : value) };
}

export function textWithDefault(names: Names & { shape: string; fallback: string }): Setting<string> {
  const { fallback } = names;
  return { ...names, isSwitch: false, parse: (value) => ok(value === '' ? fallback : value) };
}

/** A comma list; undefined when unset or empty. */
export function list(names: Names & { shape: string }): Setting<readonly string[] | undefined> {
  const parse = (value: string) => {
    const items = value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    return ok(items.length === 0 ? undefined : items);
  };
  return { ...names, fallback: undefined, isSwitch: false, parse };
}

const TRUE = new Set(['true', '1', 'yes', 'on', '']);
const FALSE = new Set(['false', '0', 'no', 'off']);

export function toggle(names: Names & { fallback: boolean }): Setting<boolean> {
  const parse = (value: string): Parsed<boolean> => {
    const word = value.trim().toLowerCase();
    if (TRUE.has(word)) return ok(true);
    if (FALSE.has(word)) return ok(false);
    return { ok: false, problem: `"${value}" is neither true nor false` };
  };
  return { ...names, shape: '', isSwitch: true, parse };
}

function integer(value: string, min: number, max: number): Parsed<number> {
  const number = /^\d{1,12}$/.test(value.trim()) ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return ok(number);
  return { ok: false, problem: `"${value}" is not a whole number from ${min} to ${max}` };
}

interface Range {
  min: number;
  max: number;
}

export function wholeNumber(names: Names & Range & { fallback: number }): Setting<number> {
  return { ...names, shape: '<n>', isSwitch: false, parse: (value) => integer(value, names.min, names.max) };
}

export function optionalNumber(names: Names & Range): Setting<number | undefined> {
  const parse = (value: string): Parsed<number | undefined> =>
    value === '' ? ok(undefined) : integer(value, names.min, names.max);
  return { ...names, shape: '<n>', fallback: undefined, isSwitch: false, parse };
}

export function choice<const T extends string>(
  names: Names & { options: readonly T[]; fallback: NoInfer<T> },
): Setting<T> {
  const parse = (value: string): Parsed<T> => {
    const found = names.options.find((option) => option === value.trim().toLowerCase());
    return found === undefined
      ? { ok: false, problem: `"${value}" is none of ${names.options.join(', ')}` }
      : ok(found);
  };
  return { ...names, shape: names.options.join('|'), isSwitch: false, parse };
}
