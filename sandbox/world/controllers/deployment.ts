/** Deployments: one ReplicaSet a revision of the template, rolled over from old ones to the new one. */

import { sameJson } from '../../json-value.ts';
import type { KubeObject } from '../../types.ts';
import { rfc3339 } from '../timestamps.ts';
import type { Controller, Machine } from '../types.ts';
import { type Revisions, syncRevision } from './deployment/revisions.ts';
import { cleanUp, scaleOne, scaleProportionally } from './deployment/scaling.ts';
import { type Deployment, maxUnavailable, REPLICA_SETS } from './deployment/shapes.ts';
import { newSize, oldestFirst, totalOf } from './deployment/sizes.ts';
import {
  failureOf,
  hasDeadline,
  type Progress,
  progressOf,
  recheckIn,
  statusOf,
  withProgress,
} from './deployment/status.ts';
import { keyOf, keysOfStates, managed, ownKey, splitKey } from './kit/keys.ts';
import { claim, controllerOf, isControlledBy, keysOfOwner } from './kit/owners.ts';
import { isFinished, isTerminating } from './kit/pods.ts';
import { selects } from './kit/selector.ts';
import type { Pod } from './kit/shapes.ts';
import type { ReplicaSet } from './replica-set.ts';

export function deploymentController(): Controller {
  return {
    ...managed('deployment-controller'),
    watches: {
      'deployments.apps': ownKey,
      [REPLICA_SETS]: (event, machine) =>
        keysOfStates(event, (set) =>
          keysOfOwner(set, 'Deployment', 'apps', () =>
            machine
              .list<Deployment>('deployments.apps', set.metadata.namespace)
              .filter(({ spec }) => selects(spec.selector, set.metadata.labels))
              .map(keyOf),
          ),
        ),
      // Recreate waits for the last old pod to be gone.
      pods: (event, machine) => {
        const pod = event.version.body.object() as Pod;
        if (event.type !== 'DELETED' && !isFinished(pod)) return [];
        const owner = controllerOf(pod);
        if (owner?.kind !== 'ReplicaSet') return [];
        const set = machine.get(REPLICA_SETS, pod.metadata.namespace ?? '', owner.name);
        const above = set === undefined ? undefined : controllerOf(set);
        return above?.kind === 'Deployment' ? [`${pod.metadata.namespace ?? ''}/${above.name}`] : [];
      },
    },
    reconcile(key, machine) {
      const { namespace, name } = splitKey(key);
      const deployment = machine.get<Deployment>('deployments.apps', namespace, name);
      return deployment === undefined ? undefined : reconcile(deployment, machine);
    },
  };
}

function reconcile(deployment: Deployment, machine: Machine): number | undefined {
  const { namespace = '' } = deployment.metadata;
  if (sameJson(deployment.spec.selector, {})) {
    machine.event(
      deployment,
      'Warning',
      'SelectingAll',
      'This deployment is selecting all pods. A non-empty selector is required.',
    );
    return undefined;
  }
  const fits = (set: KubeObject) => selects(deployment.spec.selector, set.metadata.labels);
  const sets = claim(
    machine.list<ReplicaSet>(REPLICA_SETS, namespace),
    { owner: deployment, resource: REPLICA_SETS, fits },
    machine,
  );
  if (isTerminating(deployment)) {
    const found = syncRevision(deployment, sets, machine, false);
    return writeStatus(found.deployment, [...found.old, ...listed(found.current)], found.current, machine, false);
  }
  const checked = checkPaused(deployment, machine);
  const found = syncRevision(checked, sets, machine, false);
  if (checked.spec.paused === true) return scaleOnly(found, machine);
  const all = [...found.old, ...listed(found.current)];
  const scaling = all.some(
    (set) =>
      (set.spec.replicas ?? 1) > 0 &&
      set.metadata.annotations?.['deployment.kubernetes.io/desired-replicas'] !== undefined &&
      Number(set.metadata.annotations['deployment.kubernetes.io/desired-replicas']) !== (checked.spec.replicas ?? 1),
  );
  if (scaling) return scaleOnly(found, machine);
  return checked.spec.strategy?.type === 'Recreate' ? recreate(found, sets, machine) : roll(found, sets, machine);
}

const listed = (set: ReplicaSet | undefined) => (set === undefined ? [] : [set]);

/** What a ReplicaSet has become by now. */
const refreshed = (sets: readonly ReplicaSet[], machine: Machine) =>
  sets.flatMap((set) => listed(machine.get<ReplicaSet>(REPLICA_SETS, set.metadata.namespace ?? '', set.metadata.name)));

function scaleOnly(found: Revisions, machine: Machine): number | undefined {
  const { deployment } = found;
  scaleProportionally(found.deployment, found.current, found.old, machine);
  if (deployment.spec.paused === true) cleanUp(found.deployment, refreshed(found.old, machine), machine);
  const all = refreshed([...found.old, ...listed(found.current)], machine);
  return writeStatus(found.deployment, all, found.current, machine, false);
}

function roll(known: Revisions, sets: readonly ReplicaSet[], machine: Machine): number | undefined {
  const found = known.current === undefined ? syncRevision(known.deployment, sets, machine, true) : known;
  const { deployment, current, old } = found;
  const all = [...old, ...listed(current)];
  const finish = () => writeStatus(found.deployment, refreshed(all, machine), current, machine, true);
  if (current === undefined) return finish();
  const wanted = deployment.spec.replicas ?? 1;
  const size = current.spec.replicas ?? 1;
  if (size !== wanted) {
    const next = size > wanted ? wanted : newSize(found.deployment, all, size);
    if (scaleOne(current, next, found.deployment, machine)) return finish();
  }
  if (shrinkOld(found.deployment, all, old, current, machine)) return finish();
  if (progressOf(found.deployment, found.deployment.status) === 'complete') cleanUp(found.deployment, old, machine);
  return finish();
}

/** Takes from the old sets what availability allows: first pods that are of no use anyway. */
function shrinkOld(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  old: readonly ReplicaSet[],
  current: ReplicaSet,
  machine: Machine,
): boolean {
  const active = old.filter(({ spec }) => (spec.replicas ?? 1) > 0).toSorted(oldestFirst);
  if (active.length === 0) return false;
  const minAvailable = (deployment.spec.replicas ?? 1) - maxUnavailable(deployment);
  const newUnavailable = (current.spec.replicas ?? 1) - (current.status?.availableReplicas ?? 0);
  const spare = totalOf(all) - minAvailable - newUnavailable;
  if (spare <= 0) return false;

  const sizes = new Map(active.map((set) => [set, set.spec.replicas ?? 1]));
  let cleaned = 0;
  for (const set of active) {
    const size = sizes.get(set) ?? 0;
    const useless = Math.min(spare - cleaned, size - (set.status?.availableReplicas ?? 0));
    if (useless <= 0) continue;
    scaleOne(set, size - useless, deployment, machine);
    sizes.set(set, size - useless);
    cleaned += useless;
  }
  const available = all.reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0);
  let left = available - minAvailable;
  let removed = 0;
  for (const set of active) {
    const size = sizes.get(set) ?? 0;
    const count = Math.min(size, left);
    if (count <= 0) continue;
    const now = machine.get<ReplicaSet>(REPLICA_SETS, set.metadata.namespace ?? '', set.metadata.name);
    if (now !== undefined) scaleOne(now, size - count, deployment, machine);
    left -= count;
    removed += count;
  }
  return cleaned + removed > 0;
}

function recreate(found: Revisions, sets: readonly ReplicaSet[], machine: Machine): number | undefined {
  const { deployment } = found;
  const active = found.old.filter(({ spec }) => (spec.replicas ?? 1) > 0);
  let scaledDown = false;
  for (const set of active) scaledDown = scaleOne(set, 0, deployment, machine) || scaledDown;
  const all = [...found.old, ...listed(found.current)];
  const finish = (of: Deployment, current: ReplicaSet | undefined) =>
    writeStatus(of, refreshed([...found.old, ...listed(current)], machine), current, machine, true);
  if (scaledDown || oldPodsRun(found.old, machine)) {
    return writeStatus(found.deployment, refreshed(all, machine), found.current, machine, true);
  }
  const made = found.current === undefined ? syncRevision(found.deployment, sets, machine, true) : found;
  if (made.current !== undefined) scaleOne(made.current, deployment.spec.replicas ?? 1, made.deployment, machine);
  if (progressOf(made.deployment, made.deployment.status) === 'complete') cleanUp(made.deployment, found.old, machine);
  return finish(made.deployment, made.current);
}

function oldPodsRun(old: readonly ReplicaSet[], machine: Machine): boolean {
  if (old.some(({ status }) => (status?.replicas ?? 0) > 0)) return true;
  const namespace = old[0]?.metadata.namespace;
  if (namespace === undefined) return false;
  return machine
    .list<Pod>('pods', namespace)
    .some((pod) => !isFinished(pod) && old.some((set) => isControlledBy(pod, set)));
}

/** Pausing and resuming stop the clock of the progress deadline. */
function checkPaused(deployment: Deployment, machine: Machine): Deployment {
  if (!hasDeadline(deployment)) return deployment;
  const condition = deployment.status?.conditions?.find(({ type }) => type === 'Progressing');
  if (condition?.reason === 'ProgressDeadlineExceeded') return deployment;
  const noted = condition?.reason === 'DeploymentPaused';
  const paused = deployment.spec.paused === true;
  if (paused === noted) return deployment;
  const [reason, message] = paused
    ? ['DeploymentPaused', 'Deployment is paused']
    : ['DeploymentResumed', 'Deployment is resumed'];
  const { namespace = '', name } = deployment.metadata;
  const written = machine.modify<Deployment>(
    'deployments.apps',
    namespace,
    name,
    (draft) => {
      draft.status = withProgress(draft.status, { status: 'Unknown', reason, message }, rfc3339(machine.clock.now()));
    },
    'status',
  );
  return written ?? deployment;
}

/** Writes what the sets say; with `rollout` the progress of the rollout too. */
function writeStatus(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  current: ReplicaSet | undefined,
  machine: Machine,
  rollout: boolean,
): number | undefined {
  const now = machine.clock.now();
  const fresh = sets.find(({ metadata }) => metadata.uid === current?.metadata.uid);
  let status = statusOf(deployment, sets, fresh, now);
  if (rollout) {
    const subject =
      fresh === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${fresh.metadata.name}"`;
    status = progressed(deployment, status, subject, now);
    status = failureOf(status, sets, fresh);
  }
  const { namespace = '', name } = deployment.metadata;
  machine.modify<Deployment>(
    'deployments.apps',
    namespace,
    name,
    (draft) => {
      draft.status = status;
    },
    'status',
  );
  return rollout ? recheckIn(deployment, status, now) : undefined;
}

function progressed(deployment: Deployment, status: NonNullable<Deployment['status']>, subject: string, now: number) {
  if (!hasDeadline(deployment)) {
    return { ...status, conditions: status.conditions?.filter(({ type }) => type !== 'Progressing') };
  }
  const before = deployment.status?.conditions?.find(({ type }) => type === 'Progressing');
  if (status.replicas === status.updatedReplicas && before?.reason === 'NewReplicaSetAvailable') return status;
  const texts: Readonly<
    Record<Exclude<Progress, 'none'>, { status: 'True' | 'False'; reason: string; message: string }>
  > = {
    complete: { status: 'True', reason: 'NewReplicaSetAvailable', message: `${subject} has successfully progressed.` },
    progressing: { status: 'True', reason: 'ReplicaSetUpdated', message: `${subject} is progressing.` },
    'timed out': {
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: `${subject} has timed out progressing.`,
    },
  };
  const progress = progressOf(deployment, status, now);
  if (progress === 'none') return status;
  return withProgress(status, texts[progress], rfc3339(now), progress === 'progressing');
}
