/** A Job that has failed for good. */
import { condition } from '../../../graph/project/conditions.ts';
import { cronJob as cronJobKind } from '../../../graph/project/cron-job.ts';
import { job as jobKind } from '../../../graph/project/job.ts';
import { pod as podKind } from '../../../graph/project/pod.ts';
import type { Detector } from '../../types.ts';
import { CRON_JOB, JOB, ownedBy, ownerOf } from './reading/owners.ts';
import { endedOfItself, POD, WARNING } from './reading/pods.ts';
import { count, DAY, short, span } from './reading/times.ts';
import { troubleOf } from './reading/workloads.ts';

/** Failed Jobs stay until somebody deletes them. */
const WINDOW = DAY;

export const jobFailed: Detector = {
  id: 'job-failed',
  class: 'incident',
  kinds: [JOB],
  reads: [CRON_JOB],
  detect(node, context) {
    const { view } = context;
    const job = jobKind.of(node);
    const failed = condition(job?.conditions ?? [], 'Failed');
    if (job === undefined || failed?.status !== 'True' || node.deleting !== undefined) return [];
    const { now } = context;
    if (now - failed.since > WINDOW) return [];
    const cron = ownerOf(node.id, view);
    const later = cron === undefined ? undefined : cronJobKind.of(cron)?.lastSuccessful;
    // A later run did it.
    if (later !== undefined && later > failed.since) return [];
    const pods = ownedBy(node.id, POD, view)
      .map((owned) => podKind.of(owned))
      .filter((pod) => pod !== undefined);
    const ends = pods.map(troubleOf).filter((trouble) => trouble !== undefined);
    const own = pods.flatMap(({ containers }) => containers).find((container) => endedOfItself(container).own);
    return [
      {
        severity: WARNING,
        title: `failed: ${failed.reason}, ${count(job.failed, 'pod')} failed`,
        evidence: [
          `condition Failed: ${failed.reason}, ${span(now - failed.since)} ago, ${short(failed.message, 200)}`,
          `status: ${job.failed} failed, ${job.succeeded} of ${job.completions} succeeded, backoffLimit ${job.backoffLimit}`,
          ...(ends.length === 0 ? [] : [`its pods: ${[...new Set(ends)].slice(0, 3).join(', ')}`]),
        ],
        since: failed.since,
        ...endedOfItself(own),
        // Its pods may be gone: one that ran out of time or of tries takes those along that still run.
        ...(pods.length === 0
          ? {}
          : { advice: `Read what its pods said: kubectl logs -n ${node.namespace} job/${node.name}` }),
      },
    ];
  },
};
