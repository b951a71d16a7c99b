import type { CronJobFacts } from '../facts.ts';
import { defineKind } from './define-kind.ts';
import { dict, list, number, text, time } from './read.ts';

export const cronJob = defineKind<CronJobFacts>({
  kind: 'CronJob.batch',
  depth: 'object',
  fields: [
    'spec.schedule',
    'spec.timeZone',
    'spec.suspend',
    'spec.startingDeadlineSeconds',
    'spec.concurrencyPolicy',
    'status.lastScheduleTime',
    'status.lastSuccessfulTime',
    'status.active',
  ],
  project(object, intern) {
    const spec = dict(object['spec']);
    const status = dict(object['status']);
    return {
      schedule: intern.text(text(spec['schedule'])),
      timeZone: intern.text(text(spec['timeZone'])),
      suspended: spec['suspend'] === true,
      lastScheduled: time(status['lastScheduleTime']),
      lastSuccessful: time(status['lastSuccessfulTime']),
      active: list(status['active']).length,
      startingDeadline: number(spec['startingDeadlineSeconds']),
      concurrency: intern.text(text(spec['concurrencyPolicy'])),
    };
  },
  health: () => 'ok',
});
