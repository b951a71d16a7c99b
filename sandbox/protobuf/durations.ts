/** Go's durations as text, such as `1m0s`, and as nanoseconds. */

const UNITS: readonly (readonly [string, number])[] = [
  ['h', 3_600_000_000_000],
  ['m', 60_000_000_000],
  ['s', 1_000_000_000],
  ['ms', 1_000_000],
  ['us', 1_000],
  ['µs', 1_000],
  ['ns', 1],
];
const NANOS = new Map(UNITS);

/** 0 for what is no duration. */
export function nanosOf(value: unknown): number {
  if (typeof value !== 'string') return 0;
  const parts = value.slice(0, 100).matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g);
  let sum = 0;
  for (const [, number = '0', unit = ''] of parts) sum += Number(number) * (NANOS.get(unit) ?? 0);
  return Math.round(value.startsWith('-') ? -sum : sum);
}

/** As `time.Duration` prints: `1h0m0s`, `1.5s`, `250ms`. */
export function goDuration(nanos: number): string {
  if (nanos === 0) return '0s';
  const sign = nanos < 0 ? '-' : '';
  const size = Math.abs(nanos);
  if (size < 1_000) return `${sign}${size}ns`;
  if (size < 1_000_000) return `${sign}${size / 1_000}µs`;
  if (size < 1_000_000_000) return `${sign}${size / 1_000_000}ms`;
  const hours = Math.floor(size / 3_600_000_000_000);
  const minutes = Math.floor((size % 3_600_000_000_000) / 60_000_000_000);
  const seconds = (size % 60_000_000_000) / 1_000_000_000;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}s` : `${sign}${seconds}s`;
}
