/** How values of cluster objects compare: numbers, quantities (500m, 2Gi), durations (90s, 2h), timestamps, text. */
import { parseQuantity } from '../../kernel/quantity.ts';

const SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** Seconds of `90s`, `1h30m`, `2d`; undefined where the text is no duration. */
export function parseDuration(text: string): number | undefined {
  if (text.length === 0 || text.length > 60) return undefined;
  const part = /(\d{1,15}(?:\.\d{1,15})?)(ns|us|ms|[smhdwy])/y;
  let total = 0;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    if (!match) return undefined;
    total += Number(match[1]) * (SECONDS[match[2] ?? ''] ?? 0);
  }
  return total;
}

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** Milliseconds since the epoch of an RFC 3339 timestamp. */
export function parseTimestamp(value: unknown): number | undefined {
  if (typeof value !== 'string' || !TIMESTAMP.test(value)) return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}

/** A literal written without quotes, such as 10, 500m or 2h, and the result of age(): what it means depends on the other side. */
export interface Amount {
  quantity: number | undefined;
  /** Seconds. */
  duration: number | undefined;
}

export function isAmount(value: unknown): value is Amount {
  return typeof value === 'object' && value !== null && 'quantity' in value && 'duration' in value;
}

/** An Amount of any scalar that can be read as one. */
export function toAmount(value: unknown): Amount | undefined {
  if (isAmount(value)) return value;
  if (typeof value === 'number') return { quantity: value, duration: undefined };
  if (typeof value !== 'string') return undefined;
  const amount = { quantity: parseQuantity(value), duration: parseDuration(value) };
  return amount.quantity === undefined && amount.duration === undefined ? undefined : amount;
}

/** `5m` is both 0.005 and five minutes: it is read as a duration only where the other side can be nothing else. */
function compareAmounts(a: Amount, b: Amount): number | undefined {
  if (a.quantity !== undefined && b.quantity !== undefined) return a.quantity - b.quantity;
  if (a.duration !== undefined && b.duration !== undefined) return a.duration - b.duration;
  return undefined;
}

/** Below 0, 0 or above 0; undefined where the two cannot be put in order. */
export function compareValues(a: unknown, b: unknown): number | undefined {
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  const [left, right] = [toAmount(a), toAmount(b)];
  if (left && right) {
    const order = compareAmounts(left, right);
    if (order !== undefined) return order;
  }
  const [from, to] = [parseTimestamp(a), parseTimestamp(b)];
  if (from !== undefined && to !== undefined) return from - to;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return undefined;
}

/** Equality: text with text is exact; a number or a bare literal with anything compares what they stand for. */
export function equalValues(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a === 'string' && typeof b === 'string') return false;
  if (isAmount(a) || isAmount(b) || typeof a === 'number' || typeof b === 'number') {
    const [left, right] = [toAmount(a), toAmount(b)];
    return left !== undefined && right !== undefined && compareAmounts(left, right) === 0;
  }
  return false;
}

/** A total order for sortBy: numbers and amounts, then text, then booleans, then the rest; missing values last. */
export function sortOrder(a: unknown, b: unknown): number {
  const [left, right] = [rank(a), rank(b)];
  if (left !== right) return left - right;
  if (left === 1 || left === 2) return compareValues(a, b) ?? 0;
  return left === 0 ? (compareValues(a, b) ?? 0) : 0;
}

function rank(value: unknown): number {
  if (value === undefined || value === null) return 4;
  if (toAmount(value) !== undefined) return 0;
  if (typeof value === 'string') return 1;
  return typeof value === 'boolean' ? 2 : 3;
}
