/** Cron's five fields, as far as it matters how long the way is from one run to the next. */
import { DAY, HOUR, MINUTE } from './times.ts';

const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
/** How far the next run is looked for. */
const HORIZON = 5 * 366 * DAY;
const LONGEST = 512;

export interface Schedule {
  /** From a run at `ms` to the next, ms; undefined where there is none. A change of clocks makes it an hour wrong. */
  gapAfter(ms: number): number | undefined;
}

/** undefined for what is no schedule. */
export function scheduleOf(text: string, timeZone: string): Schedule | undefined {
  if (text.length > LONGEST) return undefined;
  const zoned = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/.exec(text.trim());
  const spec = (zoned?.[2] ?? text).trim();
  const offset = offsetIn(zoned?.[1] ?? timeZone);
  if (offset === undefined) return undefined;
  const every = /^@every (?=.)(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/.exec(spec);
  if (every !== null) {
    const gap = Number(every[1] ?? 0) * HOUR + Number(every[2] ?? 0) * MINUTE + Number(every[3] ?? 0) * 1000;
    return gap === 0 ? undefined : { gapAfter: () => gap };
  }
  const fields = fieldsOf(MACROS[spec] ?? spec);
  return fields && { gapAfter: (ms) => gapAfter(fields, ms + offset(ms)) };
}

interface Fields {
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  days: ReadonlySet<number>;
  months: ReadonlySet<number>;
  weekdays: ReadonlySet<number>;
  /** Days of the month and of the week are both named: either will do. */
  eitherDay: boolean;
}

function fieldsOf(spec: string): Fields | undefined {
  const parts = spec.split(/\s+/);
  if (parts.length !== 5) return undefined;
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = parts;
  const minutes = fieldOf(minute, 0, 59, []);
  const hours = fieldOf(hour, 0, 23, []);
  const days = fieldOf(day, 1, 31, []);
  const months = fieldOf(month, 1, 12, MONTHS);
  const weekdays = fieldOf(weekday, 0, 7, DAYS);
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  if (weekdays.has(7)) weekdays.add(0);
  return { minutes, hours, days, months, weekdays, eitherDay: !isOpen(day) && !isOpen(weekday) };
}

const isOpen = (field: string) => field.startsWith('*') || field === '?';

function fieldOf(text: string, min: number, max: number, names: readonly string[]): Set<number> | undefined {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(\*|\?|[a-z0-9]{1,4})(?:-([a-z0-9]{1,4}))?(?:\/(\d{1,4}))?$/i.exec(part);
    if (match === null) return undefined;
    const [, low = '', high, step] = match;
    const all = low === '*' || low === '?';
    const from = all ? min : numberOf(low, min, names);
    const to = high !== undefined ? numberOf(high, min, names) : all || step !== undefined ? max : from;
    const size = step === undefined ? 1 : Number(step);
    if (from === undefined || to === undefined || from < min || to > max || from > to || size === 0) return undefined;
    for (let value = from; value <= to; value += size) values.add(value);
  }
  return values;
}

function numberOf(word: string, min: number, names: readonly string[]): number | undefined {
  const named = names.indexOf(word.toLowerCase());
  if (named >= 0) return named + min;
  return /^\d+$/.test(word) ? Number(word) : undefined;
}

/** Walks local time: months, days, hours and minutes that do not fit are skipped as a whole. */
function gapAfter(fields: Fields, from: number): number | undefined {
  let local = Math.floor(from / MINUTE) * MINUTE + MINUTE;
  const end = local + HORIZON;
  while (local < end) {
    const date = new Date(local);
    if (!fields.months.has(date.getUTCMonth() + 1)) local = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
    else if (!fitsDay(fields, date)) local = Math.floor(local / DAY) * DAY + DAY;
    else if (!fields.hours.has(date.getUTCHours())) local = Math.floor(local / HOUR) * HOUR + HOUR;
    else if (!fields.minutes.has(date.getUTCMinutes())) local += MINUTE;
    else return local - from;
  }
  return undefined;
}

function fitsDay({ days, weekdays, eitherDay }: Fields, date: Date): boolean {
  const ofMonth = days.has(date.getUTCDate());
  const ofWeek = weekdays.has(date.getUTCDay());
  return eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
}

/** From UTC to the zone's own time, ms. undefined for a zone that nobody knows. */
function offsetIn(zone: string): ((ms: number) => number) | undefined {
  if (zone === '' || zone === 'UTC' || zone === 'Etc/UTC' || zone === 'Local') return () => 0;
  const format = formatOf(zone);
  if (format === undefined) return undefined;
  return (ms) => {
    const part = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const at = (type: Intl.DateTimeFormatPartTypes) => part.get(type) ?? 0;
    const local = Date.UTC(at('year'), at('month') - 1, at('day'), at('hour'), at('minute'), at('second'));
    return local - Math.floor(ms / 1000) * 1000;
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
}
