import type { JobFacts } from '../facts.ts';
import type { Health } from '../types.ts';
import { conditionsOf, isTrue } from './conditions.ts';
import { defineKind } from './define-kind.ts';
import { dict, number, numberOr, time } from './read.ts';
import { templateFields, templateOf } from './template.ts';

/** The server's default where spec does not say. */
const DEFAULT_BACKOFF_LIMIT = 6;

export const job = defineKind<JobFacts>({
  kind: 'Job.batch',
  depth: 'object',
  fields: [
    ...templateFields('spec.template.spec'),
    'spec.completions',
    'spec.parallelism',
    'spec.backoffLimit',
    'spec.suspend',
    'spec.activeDeadlineSeconds',
    'status.active',
    'status.succeeded',
    'status.failed',
    'status.startTime',
    'status.completionTime',
    'status.conditions',
  ],
  project(object, intern) {
    const spec = dict(object['spec']);
    const status = dict(object['status']);
    return {
      completions: numberOr(spec['completions'], 1),
      parallelism: numberOr(spec['parallelism'], 1),
      backoffLimit: numberOr(spec['backoffLimit'], DEFAULT_BACKOFF_LIMIT),
      suspended: spec['suspend'] === true,
      active: number(status['active']),
      succeeded: number(status['succeeded']),
      failed: number(status['failed']),
      started: time(status['startTime']),
      completed: time(status['completionTime']),
      activeDeadline: number(spec['activeDeadlineSeconds']),
      conditions: conditionsOf(status['conditions'], intern),
      template: templateOf(dict(dict(spec['template'])['spec']), intern),
    };
  },
  health: jobHealth,
});

function jobHealth({ conditions, suspended, failed }: JobFacts): Health {
  if (isTrue(conditions, 'Complete') || isTrue(conditions, 'SuccessCriteriaMet')) return 'done';
  if (isTrue(conditions, 'Failed') || isTrue(conditions, 'FailureTarget')) return 'failed';
  if (suspended) return 'ok';
  return failed > 0 ? 'warning' : 'progressing';
}
