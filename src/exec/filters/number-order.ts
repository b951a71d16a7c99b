/** Orders of text that holds numbers, without the limits of floating point: sort -n, -h and -V. */

/** A leading number: blanks, a minus, digits, a fraction. Anything else counts as 0. */
const NUMBER = /^[ \t]*(-?)(\d*)(?:\.(\d*))?/;

interface Decimal {
  negative: boolean;
  whole: string;
  fraction: string;
}

function readDecimal(text: string): Decimal {
  const [, sign = '', digits = '', decimals = ''] = NUMBER.exec(text) ?? [];
  const whole = digits.replace(/^0+/, '');
  const fraction = decimals.replace(/0+$/, '');
  return { negative: sign === '-' && (whole !== '' || fraction !== ''), whole, fraction };
}

function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.negative !== b.negative) return a.negative ? -1 : 1;
  const size = a.whole.length - b.whole.length || order(a.whole, b.whole) || order(a.fraction, b.fraction);
  return a.negative ? -size : size;
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

export function compareNumbers(a: string, b: string): number {
  return compareDecimals(readDecimal(a), readDecimal(b));
}

const UNITS = 'KMGTPEZY';

/** The unit decides, then the number: 1023K comes before 1M. */
export function compareHuman(a: string, b: string): number {
  return unitOf(a) - unitOf(b) || compareNumbers(a, b);
}

function unitOf(text: string): number {
  const found = NUMBER.exec(text)?.[0] ?? '';
  if (!/[1-9]/.test(found)) return 0;
  const letter = text[found.length] ?? '';
  const unit = letter === '' ? 0 : UNITS.indexOf(letter === 'k' ? 'K' : letter) + 1;
  return found.includes('-') ? -unit : unit;
}

/** sort -g: as floating point, what is none first. */
export function compareGeneral(a: string, b: string): number {
  const [x, y] = [readFloat(a), readFloat(b)];
  if (x === undefined || y === undefined) return Number(x !== undefined) - Number(y !== undefined);
  return x < y ? -1 : x > y ? 1 : 0;
}

function readFloat(text: string): number | undefined {
  const found = /^[ \t]*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/.exec(text);
  return found === null ? undefined : Number(found[1]);
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** sort -M. */
export function compareMonths(a: string, b: string): number {
  return monthOf(a) - monthOf(b);
}

function monthOf(text: string): number {
  return MONTHS.indexOf(
    text
      .replace(/^[ \t]+/, '')
      .slice(0, 3)
      .toUpperCase(),
  );
}
