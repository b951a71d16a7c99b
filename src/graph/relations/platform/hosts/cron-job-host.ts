/** Services that a CronJob's pods are told to call. */
import type { Relation } from '../../../types.ts';
import { templateHosts } from './template-hosts.ts';

export const cronJobHost: Relation = {
  id: 'cron-job-host',
  rows: [74],
  verb: 'calls',
  sources: ['CronJob.batch'],
  class: 'connects',
  strength: 'soft',
  ...templateHosts('spec.jobTemplate.spec.template.spec'),
};
