/** A Job that tries again and again, or that does not come to its end. */
import { job as jobKind } from '../../../graph/project/job.ts';
import type { Detector } from '../../types.ts';
import { JOB } from './reading/owners.ts';
import { MINOR } from './reading/pods.ts';
import { count, HOUR, MINUTE, span } from './reading/times.ts';

/** As kubernetes-mixin's KubeJobNotCompleted. */
const LONG = 12 * HOUR;
const TRIES = 2;

export const jobStuck: Detector = {
  id: 'job-stuck',
  class: 'incident',
  kinds: [JOB],
  reads: [],
  detect(node, context) {
    const job = jobKind.of(node);
    if (job === undefined || node.deleting !== undefined || job.suspended || job.completed > 0 || job.started === 0)
      return [];
    if (job.conditions.some(({ type, status }) => (type === 'Failed' || type === 'Complete') && status === 'True'))
      return [];
    const { now } = context;
    const state = `status: ${job.active} active, ${job.failed} failed, ${job.succeeded} of ${job.completions} succeeded, for ${span(now - job.started)}`;
    if (job.failed >= TRIES && job.succeeded === 0)
      return [
        {
          key: 'retries',
          severity: MINOR,
          title: `${count(job.failed, 'try', 'tries')} failed of ${job.backoffLimit + 1}`,
          evidence: [state, `spec.backoffLimit: ${job.backoffLimit}`],
          since: job.started,
          holdMs: MINUTE,
        },
      ];
    // Several completions one after the other may take days.
    if (job.succeeded > 0) return [];
    return [
      {
        severity: MINOR,
        title: `has run for ${span(now - job.started)} without an end`,
        evidence: [state, ...(job.activeDeadline === 0 ? ['it has no spec.activeDeadlineSeconds'] : [])],
        since: job.started,
        holdMs: LONG,
      },
    ];
  },
};
