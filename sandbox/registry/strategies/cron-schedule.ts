/** Whether a text is a schedule of the cron kind, in the words of the parser that the real server uses. */

interface Bounds {
  min: number;
  max: number;
  names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: DAYS },
];
const DESCRIPTORS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/** Thrown inside, caught at the edge. */
class CronProblem extends Error {}

function integer(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) {
    const why = `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
    throw new CronProblem(`failed to parse int from ${text}: ${why}`);
  }
  const value = Number(text);
  if (value < 0) throw new CronProblem(`negative number (${value}) not allowed: ${text}`);
  return value;
}

function fieldValue(text: string, { min, names }: Bounds): number {
  const named = names?.indexOf(text.toLowerCase()) ?? -1;
  return named >= 0 ? named + min : integer(text);
}

function checkRange(text: string, bounds: Bounds): void {
  const parts = text.split('/');
  const ends = (parts[0] ?? '').split('-');
  const [low = '', high] = ends;
  let start = bounds.min;
  let end = bounds.max;
  if (low !== '*' && low !== '?') {
    start = fieldValue(low, bounds);
    if (ends.length > 2) throw new CronProblem(`too many hyphens: ${text}`);
    end = high === undefined ? start : fieldValue(high, bounds);
  }
  if (parts.length > 2) throw new CronProblem(`too many slashes: ${text}`);
  const step = parts[1] === undefined ? 1 : integer(parts[1]);
  if (parts[1] !== undefined && ends.length === 1) end = bounds.max;
  if (start < bounds.min) throw new CronProblem(`beginning of range (${start}) below minimum (${bounds.min}): ${text}`);
  if (end > bounds.max) throw new CronProblem(`end of range (${end}) above maximum (${bounds.max}): ${text}`);
  if (start > end) throw new CronProblem(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (step === 0) throw new CronProblem(`step of range should be a positive number: ${text}`);
}

/** What is wrong with `schedule`; undefined when it is one. */
export function cronProblem(schedule: string): string | undefined {
  try {
    checkSchedule(schedule);
    return undefined;
  } catch (error) {
    if (error instanceof CronProblem) return error.message;
    throw error;
  }
}

function checkSchedule(schedule: string): void {
  const zone = /^(?:CRON_)?TZ=\S* /.exec(schedule);
  const text = zone === null ? schedule : schedule.slice(zone[0].length).trim();
  if (text.startsWith('@')) {
    const every = /^@every (\d+(\.\d+)?(ns|us|ms|s|m|h))+$/.test(text);
    if (!every && !DESCRIPTORS.includes(text)) throw new CronProblem(`unrecognized descriptor: ${text}`);
    return;
  }
  const fields = text.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== FIELDS.length) {
    throw new CronProblem(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`);
  }
  for (const [index, bounds] of FIELDS.entries()) {
    for (const range of (fields[index] ?? '').split(',')) if (range !== '') checkRange(range, bounds);
  }
}
