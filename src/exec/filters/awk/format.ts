/** printf as C has it. */

/** Widest field and longest fraction. */
const MAX_WIDTH = 10_000;
const MAX_PRECISION = 100;

const DIRECTIVE = /%(?:%|([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?([hlLqjzt]*)([a-zA-Z]))/g;

export interface FormatArgument {
  text: string;
  number: number;
  /** For %c: a number is a code, text gives its first character. */
  isNumber: boolean;
}

/** `next` gives the arguments in turn; undefined when there are no more. Throws a plain message. */
export function format(template: string, next: () => FormatArgument | undefined): string {
  return template.replace(
    DIRECTIVE,
    (whole, flags: string, width: string, precision: string, _size, letter: string) => {
      if (whole === '%%') return '%';
      const measured = (text: string | undefined) => (text === '*' ? (next()?.number ?? 0) : Number(text ?? 0));
      const wide = measured(width);
      const digits = precision === undefined ? undefined : measured(precision);
      if (Math.abs(wide) > MAX_WIDTH) throw new Error(`printf: a width of ${wide} is too much`);
      return pad(convert(letter, flags, digits, next), wide < 0 ? `${flags}-` : flags, Math.abs(wide), letter);
    },
  );
}

/** A number by CONVFMT or OFMT. */
export function formatNumber(template: string, number: number): string {
  return format(template, () => ({ text: '', number, isNumber: true }));
}

function convert(
  letter: string,
  flags: string,
  precision: number | undefined,
  next: () => FormatArgument | undefined,
): string {
  const argument = next() ?? { text: '', number: 0, isNumber: false };
  const { number } = argument;
  switch (letter) {
    case 's':
      return precision === undefined ? argument.text : [...argument.text].slice(0, precision).join('');
    case 'c':
      return argument.isNumber ? character(number) : ([...argument.text][0] ?? '');
    case 'd':
    case 'i':
      return signed(integer(number, 10, precision), flags);
    case 'o':
      return integer(number, 8, precision);
    case 'x':
      return integer(number, 16, precision);
    case 'X':
      return integer(number, 16, precision).toUpperCase();
    case 'u':
      return integer(number, 10, precision);
    case 'f':
    case 'F':
      return signed(fixed(number, precision ?? 6), flags);
    case 'e':
    case 'E':
      return signed(cased(scientific(number, precision ?? 6), letter), flags);
    case 'g':
    case 'G':
      return signed(cased(general(number, precision ?? 6, flags.includes('#')), letter), flags);
    default:
      throw new Error(`printf: %${letter} is not known`);
  }
}

const cased = (text: string, letter: string) => (letter === 'E' || letter === 'G' ? text.toUpperCase() : text);

function character(code: number): string {
  const whole = Math.trunc(code);
  return whole >= 0 && whole <= 0x10ffff ? String.fromCodePoint(whole) : '';
}

function integer(number: number, base: number, precision = 1): string {
  if (!Number.isFinite(number)) return String(number).replace('Infinity', 'inf').replace('NaN', 'nan');
  const digits = BigInt(Math.trunc(Math.abs(number)))
    .toString(base)
    .padStart(Math.min(precision, MAX_PRECISION), '0');
  return number <= -1 ? `-${digits}` : digits;
}

function fixed(number: number, precision: number): string {
  if (!Number.isFinite(number) || Math.abs(number) >= 1e21) return integer(number, 10);
  return number.toFixed(Math.min(precision, MAX_PRECISION));
}

function scientific(number: number, precision: number): string {
  if (!Number.isFinite(number)) return integer(number, 10);
  return number.toExponential(Math.min(precision, MAX_PRECISION)).replace(/e([-+])(\d)$/, 'e$10$2');
}

/** The shorter of both forms, without zeros at the end. */
function general(number: number, precision: number, keepZeros: boolean): string {
  if (!Number.isFinite(number)) return integer(number, 10);
  const digits = Math.min(Math.max(1, precision), MAX_PRECISION);
  const exponent = Number(number.toExponential(digits - 1).split('e')[1]);
  const text =
    exponent < -4 || exponent >= digits ? scientific(number, digits - 1) : fixed(number, digits - 1 - exponent);
  if (keepZeros || !text.includes('.')) return text;
  return text.replace(/\.?0*(?=e|$)/, '');
}

function signed(text: string, flags: string): string {
  if (text.startsWith('-')) return text;
  return flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text;
}

function pad(text: string, flags: string, width: number, letter: string): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  if (!flags.includes('0') || letter === 's' || letter === 'c') return ' '.repeat(missing) + text;
  const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}
