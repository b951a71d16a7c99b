/** A CronJob that does not run as it says: no schedule, runs missed, runs that fail, or suspended and forgotten. */

import type { CronJobFacts } from '../../../graph/facts.ts';
import { cronJob as cronJobKind } from '../../../graph/project/cron-job.ts';
import type { GraphNode } from '../../../graph/types.ts';
import type { Detector, Found } from '../../types.ts';
import { CRON_JOB } from './reading/owners.ts';
import { MINOR, WARNING } from './reading/pods.ts';
import { scheduleOf } from './reading/schedule.ts';
import { DAY, MINUTE, short, span } from './reading/times.ts';

/** The controller may be a little late. */
const LATE = 10 * MINUTE;
/** So many runs are lost to a suspension before it looks forgotten; and after so long it is no news. */
const SUSPENDED_RUNS = 3;
const SUSPENDED_AT_LEAST = 15 * MINUTE;
const SUSPENDED_AT_MOST = 30 * DAY;
/** Runs without a success before it counts. */
const FAILED_RUNS = 2;

export const cronJobTrouble: Detector = {
  id: 'cronjob',
  class: 'incident',
  kinds: [CRON_JOB],
  reads: [],
  detect(node, { now }) {
    const facts = cronJobKind.of(node);
    if (facts === undefined || node.deleting !== undefined) return [];
    const found = look(node, facts, now);
    return found === undefined ? [] : [found];
  },
};

function look(node: GraphNode, facts: CronJobFacts, now: number): Found | undefined {
  const { schedule: text, timeZone, suspended, lastScheduled, lastSuccessful } = facts;
  const schedule = scheduleOf(text, timeZone);
  const spec = `spec.schedule: ${short(text)}${timeZone === '' ? '' : ` in ${short(timeZone)}`}`;
  if (schedule === undefined)
    return {
      key: 'schedule',
      severity: WARNING,
      title: `its schedule cannot be read: ${short(text)}`,
      evidence: [spec],
    };
  const from = lastScheduled || node.created;
  const gap = schedule.gapAfter(from);
  if (gap === undefined) return undefined;
  const evidence = [
    spec,
    lastScheduled === 0 ? 'it has never run' : `status.lastScheduleTime: ${span(now - lastScheduled)} ago`,
  ];
  const due = from + gap;
  if (suspended) {
    const lost = lastScheduled + Math.max(SUSPENDED_RUNS * gap, SUSPENDED_AT_LEAST);
    if (lastScheduled === 0 || now < lost || now - lastScheduled > SUSPENDED_AT_MOST) return undefined;
    return {
      key: 'suspended',
      severity: MINOR,
      title: `suspended, last run ${span(now - lastScheduled)} ago`,
      evidence: ['spec.suspend: true', ...evidence],
      since: due,
    };
  }
  if (now > due + LATE && facts.active === 0)
    return {
      key: 'missed',
      severity: WARNING,
      title: `has missed its run of ${span(now - due)} ago`,
      evidence,
      since: due,
    };
  return failing(facts, gap, now, evidence, lastSuccessful);
}

function failing(
  facts: CronJobFacts,
  gap: number,
  now: number,
  evidence: readonly string[],
  lastSuccessful: number,
): Found | undefined {
  const { lastScheduled, active } = facts;
  // Where nothing ever succeeded, its Jobs say so themselves.
  if (lastSuccessful === 0 || lastScheduled - lastSuccessful < FAILED_RUNS * gap || active > 0) return undefined;
  return {
    key: 'failing',
    severity: WARNING,
    title: `has not succeeded for ${span(now - lastSuccessful)}`,
    evidence: [...evidence, `status.lastSuccessfulTime: ${span(now - lastSuccessful)} ago`],
    since: lastSuccessful + gap,
  };
}
