/** CronJobs: a Job at each time of a schedule. */

import { isTimeZone, parseSchedule, type Schedule } from '../../../src/kernel/cron-schedule.ts';
import { ApiFailure } from '../../api/failure.ts';
import { copyJson } from '../../registry/json.ts';
import type { KubeObject } from '../../types.ts';
import { isFailure } from '../create-machine.ts';
import { parseTime, rfc3339 } from '../timestamps.ts';
import type { Controller, Machine } from '../types.ts';
import { finishedAs, JOBS, type Job } from './job/shapes.ts';
import { keysOfStates, managed, ownKey, splitKey } from './kit/keys.ts';
import { controllerRef, isControlledBy, keysOfOwner } from './kit/owners.ts';
import { isOfEndingNamespace, isTerminating } from './kit/pods.ts';

const CRON_JOBS = 'cronjobs.batch';
/** The real controller looks a little after the time, so that the time has surely come. */
const LATE_MS = 100;
/** More missed times than this are a sign that something is wrong. */
const MANY_MISSED = 100;
/** Steps over missed times before giving up on finding the last one. */
const MOST_STEPS = 100_000;

interface JobRef {
  kind: string;
  namespace: string;
  name: string;
  uid: string;
  apiVersion: string;
  resourceVersion?: string;
}

interface CronJob extends KubeObject {
  spec: {
    schedule: string;
    timeZone?: string;
    suspend?: boolean;
    startingDeadlineSeconds?: number;
    concurrencyPolicy?: string;
    successfulJobsHistoryLimit?: number;
    failedJobsHistoryLimit?: number;
    jobTemplate: {
      metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
      spec: Job['spec'];
    };
  };
  status?: { active?: JobRef[] | undefined; lastScheduleTime?: string; lastSuccessfulTime?: string };
}

export function cronJobController(): Controller {
  return {
    ...managed('cronjob-controller'),
    watches: {
      [CRON_JOBS]: ownKey,
      [JOBS]: (event) => keysOfStates(event, (job) => keysOfOwner(job, 'CronJob', 'batch', () => [])),
    },
    reconcile(key, machine) {
      const { namespace, name } = splitKey(key);
      const cron = machine.get<CronJob>(CRON_JOBS, namespace, name);
      return cron === undefined ? undefined : reconcile(copyJson(cron), machine);
    },
  };
}

/** Works on a copy whose status is written at the end. */
function reconcile(cron: CronJob, machine: Machine): number | undefined {
  const { namespace = '', name } = cron.metadata;
  const jobs = machine.list<Job>(JOBS, namespace).filter((job) => isControlledBy(job, cron));
  const status = { active: [], ...cron.status };
  cron.status = status;
  noteJobs(cron, jobs, machine);
  let wait: number | undefined;
  try {
    wait = isTerminating(cron) ? undefined : start(cron, machine);
    forgetOld(cron, machine);
  } finally {
    machine.modify<CronJob>(
      CRON_JOBS,
      namespace,
      name,
      (draft) => {
        draft.status = { ...cron.status, active: cron.status?.active?.length ? cron.status.active : undefined };
      },
      'status',
    );
  }
  return wait;
}

const forget = (cron: CronJob, uid: string | undefined) => {
  if (cron.status !== undefined) cron.status.active = cron.status.active?.filter((ref) => ref.uid !== uid);
};

function noteJobs(cron: CronJob, jobs: readonly Job[], machine: Machine): void {
  const { status = {} } = cron;
  for (const job of jobs) {
    const listed = status.active?.some(({ uid }) => uid === job.metadata.uid) === true;
    const end = finishedAs(job);
    if (end === undefined) {
      if (listed) continue;
      const text = `Saw a job that the controller did not create or forgot: ${job.metadata.name}`;
      machine.event(cron, 'Warning', 'UnexpectedJob', text);
      continue;
    }
    if (listed) {
      forget(cron, job.metadata.uid);
      machine.event(cron, 'Normal', 'SawCompletedJob', `Saw completed job: ${job.metadata.name}, condition: ${end}`);
    }
    const done = job.status?.completionTime;
    if (end === 'Complete' && done !== undefined && parseTime(done) > parseTime(status.lastSuccessfulTime)) {
      status.lastSuccessfulTime = done;
    }
  }
  for (const { name, namespace, uid } of status.active ?? []) {
    if (jobs.some(({ metadata }) => metadata.uid === uid) || machine.get(JOBS, namespace, name) !== undefined) continue;
    machine.event(cron, 'Normal', 'MissingJob', `Active job went missing: ${name}`);
    forget(cron, uid);
  }
}

/** Starts a Job when its time has come; ms until the next time. */
function start(cron: CronJob, machine: Machine): number | undefined {
  const { timeZone, suspend, schedule: text, startingDeadlineSeconds, concurrencyPolicy } = cron.spec;
  const now = machine.clock.now();
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    machine.event(cron, 'Warning', 'UnknownTimeZone', `invalid timeZone: "${timeZone}": unknown time zone ${timeZone}`);
    return undefined;
  }
  if (suspend === true) return undefined;
  let schedule: Schedule;
  try {
    schedule = parseSchedule(text, timeZone);
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    machine.event(cron, 'Warning', 'UnparseableSchedule', `unparseable schedule: "${text}" : ${why}`);
    return undefined;
  }
  const next = schedule.next(now);
  const wait = next === undefined ? undefined : next - now + LATE_MS;
  const due = lastDue(cron, schedule, now, machine);
  if (due === undefined) return wait;
  if (startingDeadlineSeconds !== undefined && due + startingDeadlineSeconds * 1000 < now) {
    const when = new Date(due).toUTCString().replace('GMT', '+0000');
    machine.event(cron, 'Warning', 'MissSchedule', `Missed scheduled time to start a job: ${when}`);
    return wait;
  }
  const active = cron.status?.active ?? [];
  const jobName = `${cron.metadata.name}-${Math.floor(due / 60_000)}`;
  if (active.some(({ name }) => name === jobName) || cron.status?.lastScheduleTime === rfc3339(due)) return wait;
  if (concurrencyPolicy === 'Forbid' && active.length > 0) {
    const why = 'Not starting job because prior execution is running and concurrency policy is Forbid';
    machine.event(cron, 'Normal', 'JobAlreadyActive', why);
    return wait;
  }
  if (concurrencyPolicy === 'Replace') for (const { name, uid } of active) removeJob(cron, name, uid, machine);
  create(cron, jobName, due, machine);
  return wait;
}

/** The last time of the schedule that has passed and was not served. */
function lastDue(cron: CronJob, schedule: Schedule, now: number, machine: Machine): number | undefined {
  const since = parseTime(cron.status?.lastScheduleTime ?? cron.metadata.creationTimestamp);
  const deadline = cron.spec.startingDeadlineSeconds;
  const earliest = deadline === undefined ? since : Math.max(since, now - deadline * 1000);
  let due: number | undefined;
  let missed = 0;
  for (let at = schedule.next(earliest); at !== undefined && at <= now && missed < MOST_STEPS; at = schedule.next(at)) {
    due = at;
    missed += 1;
  }
  if (missed > MANY_MISSED && deadline === undefined) {
    const text = 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew';
    machine.event(cron, 'Warning', 'TooManyMissedTimes', text);
  }
  return due;
}

function create(cron: CronJob, name: string, due: number, machine: Machine): void {
  const { namespace = '' } = cron.metadata;
  const { metadata, spec } = cron.spec.jobTemplate;
  let job: KubeObject | undefined;
  try {
    job = machine.create(JOBS, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name,
        namespace,
        ...(metadata?.labels === undefined ? {} : { labels: metadata.labels }),
        annotations: { ...metadata?.annotations, 'batch.kubernetes.io/cronjob-scheduled-timestamp': rfc3339(due) },
        ownerReferences: [controllerRef(cron)],
      },
      spec,
    });
    machine.event(cron, 'Normal', 'SuccessfulCreate', `Created job ${name}`);
  } catch (error) {
    if (isOfEndingNamespace(error)) return;
    if (!isFailure(error, 409)) {
      if (error instanceof ApiFailure)
        machine.event(cron, 'Warning', 'FailedCreate', `Error creating job: ${error.message}`);
      throw error;
    }
    job = machine.get(JOBS, namespace, name);
    if (job === undefined || !isControlledBy(job, cron)) return;
  }
  const { uid = '', resourceVersion } = job.metadata;
  const ref: JobRef = { kind: 'Job', namespace, name, uid, apiVersion: 'batch/v1' };
  if (resourceVersion !== undefined) ref.resourceVersion = resourceVersion;
  cron.status = { ...cron.status, active: [...(cron.status?.active ?? []), ref], lastScheduleTime: rfc3339(due) };
}

function removeJob(cron: CronJob, name: string, uid: string | undefined, machine: Machine): void {
  try {
    machine.delete(JOBS, cron.metadata.namespace ?? '', name, { propagationPolicy: 'Background' });
  } catch (error) {
    if (error instanceof ApiFailure) machine.event(cron, 'Warning', 'FailedDelete', `Deleted job: ${error.message}`);
    throw error;
  }
  forget(cron, uid);
  machine.event(cron, 'Normal', 'SuccessfulDelete', `Deleted job ${name}`);
}

/** Keeps the newest ended Jobs up to the limits. */
function forgetOld(cron: CronJob, machine: Machine): void {
  const { successfulJobsHistoryLimit: good = 3, failedJobsHistoryLimit: bad = 1 } = cron.spec;
  const jobs = machine
    .list<Job>(JOBS, cron.metadata.namespace)
    .filter((job) => isControlledBy(job, cron) && !isTerminating(job))
    .toSorted(
      (a, b) =>
        parseTime(a.status?.startTime) - parseTime(b.status?.startTime) || (a.metadata.name < b.metadata.name ? -1 : 1),
    );
  const surplus = (end: string, limit: number) => {
    const ended = jobs.filter((job) => finishedAs(job) === end);
    return ended.slice(0, Math.max(0, ended.length - limit));
  };
  for (const { metadata } of [...surplus('Complete', good), ...surplus('Failed', bad)]) {
    removeJob(cron, metadata.name, metadata.uid, machine);
  }
}
