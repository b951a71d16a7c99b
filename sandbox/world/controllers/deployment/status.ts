/** The status of a Deployment, and what it says about its rollout. */
import { parseTime, rfc3339 } from '../../timestamps.ts';
import { conditionOf } from '../kit/conditions.ts';
import { orAbsent } from '../kit/numbers.ts';
import type { Condition } from '../kit/shapes.ts';
import type { ReplicaSet } from '../replica-set.ts';
import { type Deployment, type DeploymentStatus, maxUnavailable } from './shapes.ts';
import { totalOf } from './sizes.ts';

/** The largest number means no deadline. */
export const hasDeadline = ({ spec }: Deployment) =>
  spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== 2 ** 31 - 1;

type Said = Pick<Condition, 'status' | 'reason' | 'message'>;

/** Sets a condition as the real helper does: the same status and reason stay untouched, a new one goes to the end. */
function put(conditions: readonly Condition[] | undefined, condition: Condition): Condition[] {
  const before = conditionOf(conditions, condition.type);
  if (before?.status === condition.status && before.reason === condition.reason) return [...(conditions ?? [])];
  const { lastTransitionTime } = before?.status === condition.status ? before : condition;
  const next = lastTransitionTime === undefined ? condition : { ...condition, lastTransitionTime };
  return [...(conditions ?? []).filter(({ type }) => type !== condition.type), next];
}

/** With `again`, one that said the same is said anew: progress moves its update time. */
export function withProgress(
  status: DeploymentStatus | undefined,
  said: Said,
  now: string,
  again = false,
): DeploymentStatus {
  const before = conditionOf(status?.conditions, 'Progressing');
  const condition: Condition = { type: 'Progressing', ...said, lastUpdateTime: now, lastTransitionTime: now };
  if (!again || before === undefined) return { ...status, conditions: put(status?.conditions, condition) };
  const rest = (status?.conditions ?? []).filter(({ type }) => type !== 'Progressing');
  const since = before.status === said.status ? (before.lastTransitionTime ?? now) : now;
  return { ...status, conditions: [...rest, { ...condition, lastTransitionTime: since }] };
}

const sum = (sets: readonly ReplicaSet[], count: (status: NonNullable<ReplicaSet['status']>) => number | undefined) =>
  sets.reduce((total, { status }) => total + (status === undefined ? 0 : (count(status) ?? 0)), 0);

export function statusOf(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  current: ReplicaSet | undefined,
  now: number,
): DeploymentStatus {
  const wanted = deployment.spec.replicas ?? 1;
  const available = sum(sets, ({ availableReplicas }) => availableReplicas);
  const time = rfc3339(now);
  const enough = available >= wanted - maxUnavailable(deployment);
  return {
    ...deployment.status,
    observedGeneration: deployment.metadata.generation,
    replicas: orAbsent(sum(sets, ({ replicas }) => replicas)),
    updatedReplicas: orAbsent(current?.status?.replicas ?? 0),
    readyReplicas: orAbsent(sum(sets, ({ readyReplicas }) => readyReplicas)),
    availableReplicas: orAbsent(available),
    unavailableReplicas: orAbsent(Math.max(0, totalOf(sets) - available)),
    terminatingReplicas: sum(sets, ({ terminatingReplicas }) => terminatingReplicas),
    conditions: put(deployment.status?.conditions, {
      type: 'Available',
      status: enough ? 'True' : 'False',
      lastUpdateTime: time,
      lastTransitionTime: time,
      reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
      message: `Deployment ${enough ? 'has' : 'does not have'} minimum availability.`,
    }),
  };
}

export type Progress = 'complete' | 'progressing' | 'timed out' | 'none';

/** How far the rollout is, by the status before and `status` now. */
export function progressOf(deployment: Deployment, status: DeploymentStatus | undefined, now = 0): Progress {
  const wanted = deployment.spec.replicas ?? 1;
  const {
    replicas = 0,
    updatedReplicas = 0,
    readyReplicas = 0,
    availableReplicas = 0,
    observedGeneration = 0,
  } = status ?? {};
  const all = [replicas, updatedReplicas, availableReplicas].every((count) => count === wanted);
  if (all && observedGeneration >= (deployment.metadata.generation ?? 0)) return 'complete';
  const before = deployment.status ?? {};
  const moved =
    updatedReplicas > (before.updatedReplicas ?? 0) ||
    replicas - updatedReplicas < (before.replicas ?? 0) - (before.updatedReplicas ?? 0) ||
    readyReplicas > (before.readyReplicas ?? 0) ||
    availableReplicas > (before.availableReplicas ?? 0);
  if (moved) return 'progressing';
  const condition = conditionOf(status?.conditions, 'Progressing');
  if (condition === undefined || condition.reason === 'NewReplicaSetAvailable') return 'none';
  if (condition.reason === 'ProgressDeadlineExceeded') return 'timed out';
  const deadline = (deployment.spec.progressDeadlineSeconds ?? 0) * 1000;
  return parseTime(condition.lastUpdateTime) + deadline < now ? 'timed out' : 'none';
}

/** Ms until the deadline must be looked at again. */
export function recheckIn(deployment: Deployment, status: DeploymentStatus, now: number): number | undefined {
  const condition = conditionOf(status.conditions, 'Progressing');
  if (!hasDeadline(deployment) || condition === undefined) return undefined;
  if (['ProgressDeadlineExceeded', 'NewReplicaSetAvailable'].includes(condition.reason ?? '')) return undefined;
  const at = parseTime(condition.lastUpdateTime) + (deployment.spec.progressDeadlineSeconds ?? 0) * 1000;
  // A second more: times are written in whole seconds.
  return Math.max(0, at - now) + 1000;
}

/** The failure of a set, of the current one first, is the Deployment's. */
export function failureOf(
  status: DeploymentStatus,
  sets: readonly ReplicaSet[],
  current: ReplicaSet | undefined,
): DeploymentStatus {
  const failing = (set: ReplicaSet | undefined) => conditionOf(set?.status?.conditions, 'ReplicaFailure');
  const failure = failing(current) ?? sets.map(failing).find((condition) => condition !== undefined);
  if (failure === undefined) {
    return { ...status, conditions: status.conditions?.filter(({ type }) => type !== 'ReplicaFailure') };
  }
  const condition = { ...failure, lastUpdateTime: failure.lastTransitionTime ?? '' };
  return { ...status, conditions: put(status.conditions, condition) };
}
