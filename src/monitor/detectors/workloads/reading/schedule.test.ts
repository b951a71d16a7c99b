import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scheduleOf } from './schedule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const gap = (schedule: string, from: string, zone = '') =>
  (scheduleOf(schedule, zone)?.gapAfter(Date.parse(from)) ?? Number.NaN) / MINUTE;

describe('the way from one run to the next', () => {
  it.each([
    ['*/5 * * * *', '2026-11-22T12:05:00Z', 5],
    ['0 * * * *', '2026-11-22T12:00:00Z', 60],
    ['30 4 * * *', '2026-11-22T04:30:00Z', 24 * 60],
    ['0 6 * * mon-fri', '2026-11-20T06:00:00Z', 3 * 24 * 60],
    ['0 0 1 * *', '2026-02-01T00:00:00Z', 28 * 24 * 60],
    ['0 0 13 * 5', '2026-11-13T00:00:00Z', 7 * 24 * 60],
    ['0 0 * * 7', '2026-11-22T00:00:00Z', 7 * 24 * 60],
    ['@hourly', '2026-11-22T12:00:00Z', 60],
    ['@every 1h30m', '2026-11-22T12:00:00Z', 90],
    ['0-10/5,30 8-9 * jan,nov ?', '2026-11-22T08:10:00Z', 20],
  ])('of %s after %s is %d minutes', (schedule, from, minutes) => {
    expect(gap(schedule, from)).toBe(minutes);
  });

  it('is that of the zone', () => {
    expect(gap('0 4 * * *', '2026-11-22T08:00:00Z', 'America/New_York')).toBe(60);
    expect(gap('TZ=Asia/Kolkata 0 0 * * *', '2026-11-22T18:00:00Z')).toBe(30);
  });

  it('does not exist for a day that never comes', () => {
    expect(scheduleOf('0 0 31 2 *', '')?.gapAfter(0)).toBeUndefined();
  });

  it.each([
    '',
    'every day',
    '* * * *',
    '60 * * * *',
    '* * * * * *',
    '*/0 * * * *',
    '5-1 * * * *',
    '@every',
    '@often',
    '* * * 13 *',
  ])('does not exist for %j', (schedule) => {
    expect(scheduleOf(schedule, '')).toBeUndefined();
  });

  it('ends with any text, and is never backwards', () => {
    const part = fc.string({ unit: fc.constantFrom('*', '/', '-', ',', '?', '0', '5', '9', 'mon', 'x'), maxLength: 6 });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.nat(2 ** 40), (parts, from) => {
        const next = scheduleOf(parts.join(' '), '')?.gapAfter(from);
        return next === undefined || (next > 0 && next <= 5 * 366 * 24 * HOUR);
      }),
    );
  });
});
