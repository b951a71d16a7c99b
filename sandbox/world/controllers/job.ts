/** Jobs: pods that run to their end, so many at a time, until enough have succeeded or too many have failed. */
import type { KubeObject } from '../../types.ts';
import { parseTime, rfc3339 } from '../timestamps.ts';
import type { Controller, Machine } from '../types.ts';
import { createJobBackoff, type JobBackoff } from './job/backoff.ts';
import { ruleFor } from './job/failure-policy.ts';
import { newPod } from './job/new-pods.ts';
import {
  finishedAs,
  hasFailed,
  indexesText,
  indexOf,
  isIndexed,
  isTracked,
  JOBS,
  type Job,
  parseIndexes,
  TRACKING,
  waitsForFailed,
} from './job/shapes.ts';
import { conditionOf } from './kit/conditions.ts';
import { keyOf, keysOfStates, managed, ownKey, splitKey } from './kit/keys.ts';
import { orAbsent } from './kit/numbers.ts';
import { claim, controllerOf, isControlledBy, keysOfOwner, podsOf } from './kit/owners.ts';
import { createPod, deletePod, isActive, isFinished, isReady, isTerminating, slowStart } from './kit/pods.ts';
import { selects } from './kit/selector.ts';
import type { Condition, Pod } from './kit/shapes.ts';
import { victimsFirst } from './kit/victims.ts';

/** The real controller's limit for one round. */
const PER_ROUND = 500;
const ORPHAN = 'orphan ';

/** What one round works out; written at its end. */
interface Round {
  job: Job;
  key: string;
  pods: readonly Pod[];
  active: readonly Pod[];
  succeeded: number;
  failed: number;
  indexes: Set<number>;
  conditions: Condition[];
  startTime: string | undefined;
  again: number | undefined;
}

export function jobController(): Controller {
  const backoff = createJobBackoff();
  return {
    ...managed('job-controller'),
    watches: {
      [JOBS]: ownKey,
      pods: (event, machine) =>
        keysOfStates<Pod>(event, (pod) => [
          ...keysOfOwner(pod, 'Job', 'batch', () =>
            machine
              .list<Job>(JOBS, pod.metadata.namespace)
              .filter(({ spec }) => selects(spec.selector, pod.metadata.labels))
              .map(keyOf),
          ),
          ...(isTracked(pod) && controllerOf(pod) === undefined ? [`${ORPHAN}${keyOf(pod)}`] : []),
        ]),
    },
    reconcile(key, machine) {
      if (key.startsWith(ORPHAN)) {
        releaseOrphan(splitKey(key.slice(ORPHAN.length)), machine);
        return undefined;
      }
      const { namespace, name } = splitKey(key);
      const job = machine.get<Job>(JOBS, namespace, name);
      if (job === undefined || finishedAs(job) !== undefined) {
        backoff.forget(key);
        releaseAll(namespace, name, machine);
        return undefined;
      }
      const foreign = job.spec.managedBy !== undefined && job.spec.managedBy !== 'kubernetes.io/job-controller';
      return foreign ? undefined : reconcile(job, key, backoff, machine);
    },
  };
}

function release(pod: KubeObject, machine: Machine): void {
  machine.modify('pods', pod.metadata.namespace ?? '', pod.metadata.name, ({ metadata }) => {
    const rest = (metadata.finalizers ?? []).filter((one) => one !== TRACKING);
    if (rest.length === 0) delete metadata.finalizers;
    else metadata.finalizers = rest;
  });
}

function releaseOrphan({ namespace, name }: { namespace: string; name: string }, machine: Machine): void {
  const pod = machine.get<Pod>('pods', namespace, name);
  if (pod !== undefined && isTracked(pod) && controllerOf(pod) === undefined) release(pod, machine);
}

/** Nobody will count the pods of a Job that has ended. */
function releaseAll(namespace: string, name: string, machine: Machine): void {
  for (const pod of machine.list<Pod>('pods', namespace)) {
    const owner = controllerOf(pod);
    if (owner?.kind === 'Job' && owner.name === name && isTracked(pod)) release(pod, machine);
  }
}

function reconcile(job: Job, key: string, backoff: JobBackoff, machine: Machine): number | undefined {
  const now = machine.clock.now();
  const fits = (pod: KubeObject) => selects(job.spec.selector, pod.metadata.labels);
  const pods = claim(podsOf(machine, job), { owner: job, resource: 'pods', fits }, machine).filter((pod) =>
    isControlledBy(pod, job),
  );
  const uncounted = pods.filter(isTracked);
  const succeeded = uncounted.filter(({ status }) => status?.phase === 'Succeeded');
  const failed = uncounted.filter((pod) => hasFailed(job, pod) && !succeeded.includes(pod));
  backoff.note(key, succeeded, failed);
  const counting = failed.filter((pod) => ruleFor(job, pod)?.action !== 'Ignore');
  const round: Round = {
    job,
    key,
    pods,
    active: pods.filter(isActive),
    succeeded: (job.status?.succeeded ?? 0) + succeeded.length,
    failed: (job.status?.failed ?? 0) + counting.length,
    indexes: indexesOf(job, succeeded),
    conditions: [...(job.status?.conditions ?? [])],
    startTime: job.status?.startTime ?? (job.spec.suspend === true ? undefined : rfc3339(now)),
    again: undefined,
  };
  if (isIndexed(job)) round.succeeded = round.indexes.size;

  let failure: unknown;
  const target = targetOf(round, failed, now);
  if (target !== undefined) {
    put(round, target, now);
    for (const pod of round.active) deletePod(machine, job, pod);
  } else if (!isTerminating(job)) {
    failure = manage(round, backoff, machine);
    suspendOrResume(round, machine);
    const wanted = job.spec.completions;
    const enough = wanted === undefined ? round.succeeded > 0 : round.succeeded >= wanted;
    if (enough && activeNow(round, machine).length === 0) {
      put(
        round,
        {
          type: 'SuccessCriteriaMet',
          reason: 'CompletionsReached',
          message: 'Reached expected number of succeeded pods',
        },
        now,
      );
    }
  }
  count(round, [...succeeded, ...failed], machine);
  writeStatus(round, machine);
  if (failure !== undefined) throw failure;
  return round.again;
}

const activeNow = ({ job }: Round, machine: Machine) =>
  machine.list<Pod>('pods', job.metadata.namespace).filter((pod) => isControlledBy(pod, job) && isActive(pod));

function indexesOf(job: Job, succeeded: readonly Pod[]): Set<number> {
  const indexes = parseIndexes(job.status?.completedIndexes);
  if (!isIndexed(job)) return indexes;
  for (const pod of succeeded) {
    const index = indexOf(pod);
    if (index !== undefined && index < (job.spec.completions ?? 0)) indexes.add(index);
  }
  return indexes;
}

type Said = { type: string; reason: string; message: string };

function put({ conditions }: Round, { type, reason, message }: Said, now: number): void {
  if (conditionOf(conditions, type)?.status === 'True') return;
  const time = rfc3339(now);
  const condition: Condition = { type, status: 'True', lastProbeTime: time, lastTransitionTime: time, reason, message };
  conditions.push(condition);
}

/** Why it is over, when it is: an earlier verdict first. */
function targetOf(round: Round, failed: readonly Pod[], now: number): Said | undefined {
  const { job, conditions, pods } = round;
  for (const type of ['SuccessCriteriaMet', 'FailureTarget']) {
    const before = conditionOf(conditions, type);
    if (before?.status === 'True') return { type, reason: before.reason ?? '', message: before.message ?? '' };
  }
  const type = 'FailureTarget';
  const rule = failed.map((pod) => ruleFor(job, pod)).find((one) => one?.action === 'FailJob');
  if (rule !== undefined) return { type, reason: 'PodFailurePolicy', message: rule.message };
  if (round.failed > (job.spec.backoffLimit ?? 6) || restartsExceed(job, pods)) {
    return { type, reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
  }
  const deadline = job.spec.activeDeadlineSeconds;
  if (deadline === undefined || job.spec.suspend === true || round.startTime === undefined) return undefined;
  const left = parseTime(round.startTime) + deadline * 1000 - now;
  if (left <= 0) return { type, reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
  round.again = left;
  return undefined;
}

/** Containers that are restarted in place count as failures. */
function restartsExceed(job: Job, pods: readonly Pod[]): boolean {
  if (job.spec.template.spec.restartPolicy !== 'OnFailure') return false;
  const limit = job.spec.backoffLimit ?? 6;
  let restarts = 0;
  for (const { status } of pods) {
    if (status?.phase !== 'Running' && status?.phase !== 'Pending') continue;
    for (const { restartCount } of [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])]) {
      restarts += restartCount;
    }
  }
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

/** As many pods as should run; what failed, if something did. */
function manage(round: Round, backoff: JobBackoff, machine: Machine): unknown {
  const { job, active } = round;
  const { parallelism = 1, completions } = job.spec;
  if (job.spec.suspend === true) {
    remove(round, active, machine);
    return undefined;
  }
  const open =
    completions === undefined
      ? round.succeeded > 0
        ? active.length
        : parallelism
      : Math.max(0, Math.min(completions - round.succeeded, parallelism));
  const surplus = surplusOf(round, active.length - open, machine.clock.now());
  if (surplus.length > 0) {
    remove(round, surplus, machine);
    return undefined;
  }
  const leaving = waitsForFailed(job) ? round.pods.filter((pod) => isTerminating(pod) && !isFinished(pod)).length : 0;
  const missing = Math.min(open - active.length - leaving, PER_ROUND);
  if (missing <= 0) return undefined;
  const wait = backoff.remaining(round.key, machine.clock.now());
  if (wait > 0) {
    round.again = Math.min(round.again ?? wait, wait);
    return undefined;
  }
  const indexes = isIndexed(job) ? freeIndexes(round, missing) : undefined;
  return slowStart(indexes === undefined ? missing : indexes.length, () => {
    createPod(machine, job, newPod(job, indexes?.shift()));
  });
}

function freeIndexes({ job, indexes, active }: Round, count: number): number[] {
  const taken = new Set(active.map(indexOf));
  const free: number[] = [];
  for (let index = 0; index < (job.spec.completions ?? 0) && free.length < count; index++) {
    if (!indexes.has(index) && !taken.has(index)) free.push(index);
  }
  return free;
}

/** Doubles of an index and done ones first. */
function surplusOf({ job, active, indexes }: Round, count: number, now: number): readonly Pod[] {
  const inOrder = victimsFirst(active, [], now);
  if (!isIndexed(job)) return count <= 0 ? [] : inOrder.slice(0, count);
  const kept = new Set<number>();
  const useless: Pod[] = [];
  for (const pod of inOrder.toReversed()) {
    const index = indexOf(pod);
    if (index === undefined || indexes.has(index) || kept.has(index) || index >= (job.spec.completions ?? 0))
      useless.push(pod);
    else kept.add(index);
  }
  const rest = inOrder.filter((pod) => !useless.includes(pod));
  return [...useless, ...rest.slice(0, Math.max(0, count - useless.length))];
}

/** Pods that are not wanted any more are let go uncounted. */
function remove({ job }: Round, pods: readonly Pod[], machine: Machine): void {
  for (const pod of pods.slice(0, PER_ROUND)) {
    release(pod, machine);
    deletePod(machine, job, pod);
  }
}

function suspendOrResume(round: Round, machine: Machine): void {
  const { job, conditions } = round;
  const suspended = job.spec.suspend === true;
  const before = conditionOf(conditions, 'Suspended');
  if (before === undefined ? !suspended : (before.status === 'True') === suspended) return;
  const now = rfc3339(machine.clock.now());
  const [reason, message] = suspended ? ['JobSuspended', 'Job suspended'] : ['JobResumed', 'Job resumed'];
  const condition: Condition = {
    type: 'Suspended',
    status: suspended ? 'True' : 'False',
    lastProbeTime: now,
    lastTransitionTime: now,
    reason,
    message,
  };
  if (before === undefined) conditions.push(condition);
  else conditions[conditions.indexOf(before)] = condition;
  machine.event(job, 'Normal', suspended ? 'Suspended' : 'Resumed', message);
  if (!suspended) round.startTime = now;
}

/** Pods that are counted are let go; once the Job is over, all that are left count as failed. */
function count(round: Round, finished: readonly Pod[], machine: Machine): void {
  const { job, conditions } = round;
  for (const pod of finished) release(pod, machine);
  const failing = conditionOf(conditions, 'FailureTarget')?.status === 'True';
  if (!failing && conditionOf(conditions, 'SuccessCriteriaMet')?.status !== 'True' && !isTerminating(job)) return;
  for (const pod of round.pods) {
    if (finished.includes(pod) || !isTracked(pod)) continue;
    release(pod, machine);
    if (failing && !isFinished(pod)) round.failed += 1;
  }
}

function writeStatus(round: Round, machine: Machine): void {
  const { job, conditions } = round;
  const pods = machine.list<Pod>('pods', job.metadata.namespace).filter((pod) => isControlledBy(pod, job));
  const active = pods.filter(isActive);
  const terminating = pods.filter((pod) => isTerminating(pod) && !isFinished(pod)).length;
  const now = machine.clock.now();
  const met = conditionOf(conditions, 'SuccessCriteriaMet') ?? conditionOf(conditions, 'FailureTarget');
  const done = met?.status === 'True' && active.length === 0 && terminating === 0;
  const end = met?.type === 'SuccessCriteriaMet' ? 'Complete' : 'Failed';
  if (done) put(round, { type: end, reason: met.reason ?? '', message: met.message ?? '' }, now);
  const written = machine.modify<Job>(
    JOBS,
    job.metadata.namespace ?? '',
    job.metadata.name,
    (draft) => {
      draft.status = {
        ...draft.status,
        active: orAbsent(active.length),
        ready: active.filter(isReady).length,
        terminating,
        succeeded: orAbsent(round.succeeded),
        failed: orAbsent(round.failed),
        startTime: round.startTime,
        completionTime: done && end === 'Complete' ? rfc3339(now) : draft.status?.completionTime,
        completedIndexes: isIndexed(job) && round.indexes.size > 0 ? indexesText(round.indexes) : undefined,
        conditions: conditions.length === 0 ? undefined : conditions,
        uncountedTerminatedPods: {},
      };
    },
    'status',
  );
  if (!done || written === undefined) return;
  if (end === 'Complete') machine.event(job, 'Normal', 'Completed', 'Job completed');
  else machine.event(job, 'Warning', met.reason ?? '', met.message ?? '');
}
