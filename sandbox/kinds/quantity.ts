/** Quantities (`100m`, `1.5Gi`, `12e6`) read, added and written as apimachinery's `resource.Quantity` does. */

type Format = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

/** `mantissa * 10^exponent`, exact. */
interface Quantity {
  mantissa: bigint;
  exponent: number;
  format: Format;
  /** Set where the sender's own spelling is kept: the real parser keeps what it takes for canonical at a glance. */
  kept?: string;
}

const DECIMAL: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const BINARY: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const DECIMAL_SUFFIX = new Map(Object.entries(DECIMAL).map(([suffix, exponent]) => [exponent, suffix]));
const BINARY_SUFFIX = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

const SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkMGTPK]*[+-]?\d*)$/;
/** Where a binary quantity is capped: the largest int64. */
const MAX_BINARY = 2n ** 63n - 1n;
/** The finest step that is kept; anything smaller is rounded up to it. */
const NANO = -9;
const MILLI = -3;
/** Longer texts and exponents are no quantity anybody means; they would only cost time. */
const MAX_LENGTH = 512;
const MAX_EXPONENT = 4096;

/** The value in base units (cores, bytes), or undefined when `text` is no quantity. */
export function parseQuantity(text: string): number | undefined {
  const quantity = parse(text);
  return quantity && Number(`${quantity.mantissa}e${quantity.exponent}`);
}

/** As the API server gives it back: `1000m` is `1`, `1024Mi` is `1Gi`. What is no quantity stays as it is. */
export function canonicalQuantity(text: string): string {
  const quantity = parse(text);
  return quantity === undefined ? text : (quantity.kept ?? print(quantity));
}

/** As it stands in a list of resources, where nothing is finer than a thousandth: `1n` is `1m`. */
export function resourceQuantity(text: string): string {
  const quantity = parse(text);
  if (quantity === undefined || quantity.exponent >= MILLI) return quantity?.kept ?? canonicalQuantity(text);
  return print({ ...roundUp(quantity.mantissa, quantity.exponent, MILLI), format: quantity.format });
}

/** The exact sum, in the notation of the first that is not zero. What is no quantity counts as zero. */
export function addQuantities(...texts: readonly string[]): string {
  let sum: Quantity = { mantissa: 0n, exponent: 0, format: 'DecimalSI' };
  for (const text of texts) {
    const next = parse(text);
    if (next !== undefined) sum = add(sum, next);
  }
  return print(sum);
}

/** `left - right`, exact, in the notation of `left` unless that is zero. */
export function subtractQuantities(left: string, right: string): string {
  const from = parse(left) ?? { mantissa: 0n, exponent: 0, format: 'DecimalSI' as const };
  const by = parse(right);
  return print(by === undefined ? from : add(from, { ...by, mantissa: -by.mantissa }));
}

/** Negative, zero or positive, as sorting wants it. What is no quantity counts as zero. */
export function compareQuantities(left: string, right: string): number {
  const a = parse(left);
  const b = parse(right);
  const [x, y] = align(a?.mantissa ?? 0n, a?.exponent ?? 0, b?.mantissa ?? 0n, b?.exponent ?? 0);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** What the real decoder says of a JSON value that is no quantity; undefined when it is one. */
export function quantityProblem(value: unknown): string | undefined {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  if (parse(text) !== undefined) return undefined;
  const wellFormed = /^[+-]?[\d.]/.test(text) && SHAPE.test(text);
  return wellFormed
    ? "unable to parse quantity's suffix"
    : "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
}

/** The same few quantities stand in many objects. */
const parsed = new Map<string, Quantity>();
const MOST_KEPT = 2_000;

function parse(text: string): Quantity | undefined {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const quantity = parseText(text);
  if (quantity === undefined) return undefined;
  if (parsed.size >= MOST_KEPT) parsed.clear();
  parsed.set(text, quantity);
  return quantity;
}

function parseText(text: string): Quantity | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const match = SHAPE.exec(text);
  if (match === null || !/^[+-]?[\d.]/.test(text)) return undefined;
  const [, sign = '', digits = '', fraction = '', suffix = ''] = match;
  const unit = interpret(suffix);
  if (unit === undefined) return undefined;
  const whole = digits.replace(/^0+/, '') || '0';
  const shifted = whole + fraction;
  const unsigned = BigInt(shifted);
  const mantissa = sign === '-' ? -unsigned : unsigned;
  return unit.format === 'BinarySI'
    ? binary(text, mantissa, whole, fraction, unit.exponent)
    : decimal(text, mantissa, shifted, unit.exponent - fraction.length, unit.format);
}

function interpret(suffix: string): { format: Format; exponent: number } | undefined {
  const decimal = DECIMAL[suffix];
  if (decimal !== undefined) return { format: 'DecimalSI', exponent: decimal };
  const binary = BINARY[suffix];
  if (binary !== undefined) return { format: 'BinarySI', exponent: binary };
  if (!/^[eE][+-]?\d+$/.test(suffix)) return undefined;
  const exponent = Number(suffix.slice(1));
  return Math.abs(exponent) <= MAX_EXPONENT ? { format: 'DecimalExponent', exponent } : undefined;
}

/** The real parser works in int64 while it has 18 digits or fewer, and only there keeps a spelling. */
const FAST_DIGITS = 18;

function decimal(text: string, mantissa: bigint, shifted: string, exponent: number, format: Format): Quantity {
  const fast = shifted.length <= FAST_DIGITS && exponent >= NANO;
  const keeps = exponent % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0');
  if (fast && keeps) return { mantissa, exponent, format, kept: text };
  return { ...roundUp(mantissa, exponent, NANO), format };
}

function binary(text: string, mantissa: bigint, whole: string, fraction: string, exponent: number): Quantity {
  const scaled = mantissa << BigInt(exponent);
  const fast = fraction === '' && 15 - whole.length - Math.trunc((exponent * 3) / 10) - 1 >= 0;
  if (fast) {
    const kept = (mantissa & 7n) !== 0n ? { kept: text } : {};
    return { mantissa: scaled, exponent: 0, format: 'BinarySI', ...kept };
  }
  const rounded = roundUp(scaled, -fraction.length, NANO);
  const [value, one] = align(rounded.mantissa < 0n ? -rounded.mantissa : rounded.mantissa, rounded.exponent, 1n, 0);
  if (value > MAX_BINARY * one) {
    return { mantissa: mantissa < 0n ? -MAX_BINARY : MAX_BINARY, exponent: 0, format: 'BinarySI' };
  }
  return { ...rounded, format: value > 0n && value < one ? 'DecimalSI' : 'BinarySI' };
}

/** Away from zero, to a multiple of 10^to. */
function roundUp(mantissa: bigint, exponent: number, to: number): { mantissa: bigint; exponent: number } {
  if (exponent >= to) return { mantissa, exponent };
  const step = 10n ** BigInt(to - exponent);
  const cut = mantissa / step;
  const rest = mantissa % step;
  return { mantissa: rest === 0n ? cut : cut + (mantissa < 0n ? -1n : 1n), exponent: to };
}

function align(a: bigint, aExponent: number, b: bigint, bExponent: number): [bigint, bigint] {
  const common = Math.min(aExponent, bExponent);
  return [a * 10n ** BigInt(aExponent - common), b * 10n ** BigInt(bExponent - common)];
}

function add(a: Quantity, b: Quantity): Quantity {
  const [x, y] = align(a.mantissa, a.exponent, b.mantissa, b.exponent);
  return {
    mantissa: x + y,
    exponent: Math.min(a.exponent, b.exponent),
    format: a.mantissa === 0n ? b.format : a.format,
  };
}

function print({ mantissa, exponent, format }: Quantity): string {
  if (mantissa === 0n) return '0';
  if (format === 'BinarySI') {
    const [value, one] = align(mantissa, exponent, 1n, 0);
    const size = (value < 0n ? -value : value) / one;
    // Small and fractional ones lose nothing in decimal notation.
    if (value % one === 0n && size >= 1024n) return printBinary(value / one);
  }
  return printDecimal(mantissa, exponent, format === 'DecimalExponent' ? format : 'DecimalSI');
}

function printBinary(value: bigint): string {
  let power = 0;
  while (power < BINARY_SUFFIX.length - 1 && value % 1024n === 0n) {
    value /= 1024n;
    power++;
  }
  return `${value}${BINARY_SUFFIX[power] ?? ''}`;
}

function printDecimal(mantissa: bigint, exponent: number, format: Format): string {
  while (mantissa % 10n === 0n) {
    mantissa /= 10n;
    exponent++;
  }
  while (exponent % 3 !== 0) {
    mantissa *= 10n;
    exponent--;
  }
  if (format === 'DecimalExponent') return exponent === 0 ? `${mantissa}` : `${mantissa}e${exponent}`;
  // Beyond exa the real one has no suffix and writes none.
  return `${mantissa}${DECIMAL_SUFFIX.get(exponent) ?? ''}`;
}
