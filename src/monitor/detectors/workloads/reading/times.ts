/** Hold times and windows, ms, and how they are written. */
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Events older than this tell of the past. */
export const EVENT_WINDOW = 15 * MINUTE;

/** `40s`, `12m`, `3h`, `2d`. */
export function span(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.round(ms / SECOND))}s`;
  if (ms < 2 * HOUR) return `${Math.round(ms / MINUTE)}m`;
  if (ms < 2 * DAY) return `${Math.round(ms / HOUR)}h`;
  return `${Math.round(ms / DAY)}d`;
}

const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];

/** `64Mi`; `1.5Gi`. */
export function bytes(amount: number): string {
  let [value, unit] = [amount, 0];
  while (value >= 1024 && unit < BINARY.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Math.round(value * 10) / 10}${BINARY[unit]}`;
}

/** `12`, `250m`. */
export const cores = (amount: number): string =>
  amount >= 1 ? `${Math.round(amount * 100) / 100}` : `${Math.round(amount * 1000)}m`;

export const count = (amount: number, noun: string, plural = `${noun}s`): string =>
  `${amount} ${amount === 1 ? noun : plural}`;

/** The first line, so long that a title stays one. */
export function short(text: string, length = 120): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
