import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../../src/kernel/cron-schedule.ts';
import { createTestWorld } from './test-world.ts';

const next = (schedule: string, from: string, zone?: string) =>
  new Date(parseSchedule(schedule, zone).next(Date.parse(from)) ?? 0).toISOString();

describe('a schedule', () => {
  it('finds the next time', () => {
    expect(next('*/15 * * * *', '2026-01-01T00:00:00Z')).toBe('2026-01-01T00:15:00.000Z');
    expect(next('0 3 * * *', '2026-01-01T03:00:00Z')).toBe('2026-01-02T03:00:00.000Z');
    expect(next('30 4 1,15 * 5', '2026-01-01T12:00:00Z')).toBe('2026-01-02T04:30:00.000Z');
    expect(next('0 0 29 feb *', '2026-01-01T00:00:00Z')).toBe('2028-02-29T00:00:00.000Z');
    expect(next('@hourly', '2026-01-01T00:10:00Z')).toBe('2026-01-01T01:00:00.000Z');
    expect(next('0 9 * * mon-fri', '2026-01-02T10:00:00Z')).toBe('2026-01-05T09:00:00.000Z');
  });

  it('knows time zones', () => {
    expect(next('0 9 * * *', '2026-01-01T00:00:00Z', 'Europe/Berlin')).toBe('2026-01-01T08:00:00.000Z');
    expect(next('0 9 * * *', '2026-07-01T00:00:00Z', 'Europe/Berlin')).toBe('2026-07-01T07:00:00.000Z');
  });

  it('says what is wrong with one', () => {
    expect(() => parseSchedule('* * *', undefined)).toThrow('expected exactly 5 fields, found 3: [* * *]');
    expect(() => parseSchedule('61 * * * *', undefined)).toThrow('end of range (61) above maximum (59): 61');
  });
});

describe('a CronJob', () => {
  const cron = (more: object = {}) => ({
    schedule: '*/5 * * * *',
    jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a' }] } } } },
    ...more,
  });

  it('starts a Job at each time and keeps the last three', () => {
    const world = createTestWorld({ fate: () => 'succeed' });
    world.apply('cronjobs.batch', { metadata: { name: 'tick' }, spec: cron() });
    expect(world.user.list('jobs.batch', 'shop')).toEqual([]);
    world.pass(301_000);
    expect(world.user.list('jobs.batch', 'shop').map(({ metadata }) => metadata.name)).toEqual(['tick-29453765']);
    expect(world.events('tick')).toEqual([
      'Normal SuccessfulCreate Created job tick-29453765',
      'Normal SawCompletedJob Saw completed job: tick-29453765, condition: Complete',
    ]);
    world.pass(1_500_000);
    expect(world.user.list('jobs.batch', 'shop')).toHaveLength(3);
    expect(world.failures).toEqual([]);
  });

  it('does not start another one when that is forbidden', () => {
    const world = createTestWorld();
    world.apply('cronjobs.batch', { metadata: { name: 'tick' }, spec: cron({ concurrencyPolicy: 'Forbid' }) });
    world.pass(601_000);
    expect(world.user.list('jobs.batch', 'shop')).toHaveLength(1);
    expect(world.events('tick')).toContain(
      'Normal JobAlreadyActive Not starting job because prior execution is running and concurrency policy is Forbid',
    );
  });
});
