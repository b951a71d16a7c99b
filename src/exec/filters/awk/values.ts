/** awk's values: numbers, text, and text from the input that counts as a number where it looks like one. */
import { compareText } from '../text.ts';
import { formatNumber } from './format.ts';

/** Text of the input. */
export class Field {
  readonly text: string;
  #number: number | undefined | false = false;

  constructor(text: string) {
    this.text = text;
  }

  /** undefined where it does not look like a number. */
  get number(): number | undefined {
    if (this.#number === false) this.#number = LOOKS_NUMERIC.test(this.text) ? Number(this.text) : undefined;
    return this.#number;
  }
}

/** undefined: a variable that nothing was assigned to, '' and 0 at once. */
export type Value = number | string | Field | undefined;

const LOOKS_NUMERIC = /^[ \t\n]*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[ \t\n]*$/;
const NUMERIC_START = /^[ \t\n]*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/;

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  const text = typeof value === 'string' ? value : value.text;
  return Number(NUMERIC_START.exec(text)?.[1] ?? 0);
}

/** `format`: CONVFMT, or OFMT where it is printed. */
export function toText(value: Value, format: string): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  if (typeof value !== 'number') return value.text;
  if (Number.isInteger(value)) return Math.abs(value) < 1e16 ? String(value) : BigInt(value).toString();
  return formatNumber(format, value);
}

export function toTruth(value: Value): boolean {
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value !== '';
  if (value === undefined) return false;
  return value.number === undefined ? value.text !== '' : value.number !== 0;
}

/** As numbers where both are or look like numbers, else as text. */
export function compareValues(left: Value, right: Value, format: string): number {
  const [a, b] = [numberIn(left), numberIn(right)];
  if (a !== undefined && b !== undefined) return a < b ? -1 : a > b ? 1 : 0;
  return compareText(toText(left, format), toText(right, format));
}

function numberIn(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  return typeof value === 'string' ? undefined : value.number;
}
