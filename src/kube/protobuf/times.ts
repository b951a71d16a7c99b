/** Times and durations as JSON has them. */

const PLACES = 2048;
/** Go writes years 0 to 9999 only. */
const EARLIEST = -62_167_219_200;
const LATEST = 253_402_300_799;

export type TimeWriter = (seconds: number) => string | undefined;

/** `2026-01-02T03:04:05Z`; undefined for a time that has no such form. Many times are told again and again. */
export function createTimeWriter(): TimeWriter {
  const keys = new Float64Array(PLACES).fill(Number.NaN);
  const texts: string[] = new Array(PLACES).fill('');
  return (seconds) => {
    if (!(seconds >= EARLIEST && seconds <= LATEST)) return undefined;
    const place = Math.abs(seconds) % PLACES;
    if (keys[place] === seconds) return texts[place];
    const text = `${new Date(seconds * 1000).toISOString().slice(0, -5)}Z`;
    keys[place] = seconds;
    texts[place] = text;
    return text;
  };
}

/** With microseconds, always six digits. */
export function microTime(whole: string, nanos: number): string {
  return `${whole.slice(0, -1)}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z`;
}

/** As Go prints a duration: `1h0m0s`, `1.5s`, `250ms`. */
export function durationText(nanos: number): string {
  if (nanos === 0) return '0s';
  const sign = nanos < 0 ? '-' : '';
  const size = Math.abs(nanos);
  if (size < 1e3) return `${sign}${size}ns`;
  if (size < 1e6) return `${sign}${size / 1e3}µs`;
  if (size < 1e9) return `${sign}${size / 1e6}ms`;
  const hours = Math.floor(size / 3.6e12);
  const minutes = Math.floor((size % 3.6e12) / 6e10);
  const seconds = `${(size % 6e10) / 1e9}s`;
  return sign + (hours > 0 ? `${hours}h${minutes}m` : minutes > 0 ? `${minutes}m` : '') + seconds;
}
