/** Cron's five fields, in a time zone. */

export interface Schedule {
  /** The first time after `ms`, in ms; undefined when there is none within five years. */
  next(ms: number): number | undefined;
}

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
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const HORIZON = 5 * 366 * DAY;

interface Fields {
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  days: ReadonlySet<number>;
  months: ReadonlySet<number>;
  weekdays: ReadonlySet<number>;
  /** Days of the month and of the week are both named: either will do. */
  eitherDay: boolean;
}

/** Throws an Error that says what is wrong, in the words of the real parser. */
export function parseSchedule(text: string, timeZone: string | undefined): Schedule {
  const zoned = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/.exec(text.trim());
  const zone = zoned?.[1] ?? timeZone;
  const spec = (zoned?.[2] ?? text).trim();
  const every = /^@every\s+(.+)$/.exec(spec);
  if (every !== null) return everySchedule(every[1] ?? '');
  const fields = parseFields(MACROS[spec] ?? spec);
  const offset = zone === undefined || zone === 'UTC' || zone === 'Etc/UTC' ? () => 0 : offsetIn(zone);
  return { next: (ms) => nextIn(fields, offset, ms) };
}

function everySchedule(text: string): Schedule {
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  if (match === null || text === '') throw new Error(`failed to parse duration @every ${text}`);
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  const ms = Math.max(1000, hours * HOUR + minutes * MINUTE + seconds * 1000);
  return { next: (after) => Math.floor(after / 1000) * 1000 + ms };
}

function parseFields(spec: string): Fields {
  const parts = spec.split(/\s+/);
  if (parts.length !== 5) throw new Error(`expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = parts;
  const starred = (part: string) => part.startsWith('*') || part === '?';
  const weekdays = parseField(weekday, 0, 7, DAYS);
  if (weekdays.has(7)) weekdays.add(0);
  return {
    minutes: parseField(minute, 0, 59, []),
    hours: parseField(hour, 0, 23, []),
    days: parseField(day, 1, 31, []),
    months: parseField(month, 1, 12, MONTHS),
    weekdays,
    eitherDay: !starred(day) && !starred(weekday),
  };
}

function parseField(text: string, min: number, max: number, names: readonly string[]): Set<number> {
  const values = new Set<number>();
  const number = (word: string): number => {
    const named = names.indexOf(word.toLowerCase());
    if (named >= 0) return named + (min === 1 ? 1 : 0);
    if (!/^\d{1,4}$/.test(word))
      throw new Error(`failed to parse int from ${word}: strconv.Atoi: parsing "${word}": invalid syntax`);
    return Number(word);
  };
  for (const part of text.split(',')) {
    const [range = '', step] = part.split('/');
    const size = step === undefined ? 1 : number(step);
    if (size === 0) throw new Error(`step of range should be a positive number: ${part}`);
    const [low = '', high] = range.split('-');
    const all = range === '*' || range === '?';
    const from = all ? min : number(low);
    const to = all ? max : high !== undefined ? number(high) : step === undefined ? from : max;
    if (from < min) throw new Error(`beginning of range (${from}) below minimum (${min}): ${part}`);
    if (to > max) throw new Error(`end of range (${to}) above maximum (${max}): ${part}`);
    if (from > to) throw new Error(`beginning of range (${from}) beyond end of range (${to}): ${part}`);
    for (let value = from; value <= to; value += size) values.add(value);
  }
  return values;
}

/** Walks local time: months, days, hours and minutes that do not fit are skipped as a whole. */
function nextIn(fields: Fields, offset: (ms: number) => number, ms: number): number | undefined {
  let local = Math.floor((ms + offset(ms)) / MINUTE) * MINUTE + MINUTE;
  const end = local + HORIZON;
  while (local < end) {
    const date = new Date(local);
    if (!fields.months.has(date.getUTCMonth() + 1)) local = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
    else if (!fitsDay(fields, date)) local = Math.floor(local / DAY) * DAY + DAY;
    else if (!fields.hours.has(date.getUTCHours())) local = Math.floor(local / HOUR) * HOUR + HOUR;
    else if (!fields.minutes.has(date.getUTCMinutes())) local += MINUTE;
    else {
      const at = local - offset(local - offset(local));
      if (at > ms) return at;
      local += MINUTE;
    }
  }
  return undefined;
}

function fitsDay({ days, weekdays, eitherDay }: Fields, date: Date): boolean {
  const ofMonth = days.has(date.getUTCDate());
  const ofWeek = weekdays.has(date.getUTCDay());
  return eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
}

/** Ms that local time is ahead of UTC. Throws a RangeError for an unknown zone. */
function offsetIn(zone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (ms) => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
    return local - Math.floor(ms / MINUTE) * MINUTE;
  };
}

/** Whether the zone is known. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
