/** StatefulSets: pods with names and volumes of their own, one after the other. */
import type { KubeObject } from '../../types.ts';
import type { Controller, Machine } from '../types.ts';
import { keyOf, keysOfStates, managed, ownKey, splitKey } from './kit/keys.ts';
import { orAbsent } from './kit/numbers.ts';
import { claim, isControlledBy, keysOfOwner, podsOf } from './kit/owners.ts';
import { isAvailable, isFinished, isReady, isTerminating, nextAvailability, podFromTemplate } from './kit/pods.ts';
import { type ControllerRevision, forgetRevisions, syncRevisions, templateOf } from './kit/revisions.ts';
import { selects } from './kit/selector.ts';
import type { Pod, PodTemplate } from './kit/shapes.ts';
import { createReplica, deleteReplica, fitClaims, withStorage } from './stateful-set/replicas.ts';
import { isInRange, ordinalOf, type StatefulSet, startOf } from './stateful-set/shapes.ts';

const SETS = 'statefulsets.apps';
const REVISION_LABEL = 'controller-revision-hash';
/** So many places that are empty are looked at in one round: any number can be wanted. */
const PER_ROUND = 500;

export function statefulSetController(): Controller {
  return {
    ...managed('statefulset-controller'),
    watches: {
      [SETS]: ownKey,
      pods: (event, machine) =>
        keysOfStates(event, (pod) =>
          keysOfOwner(pod, 'StatefulSet', 'apps', () =>
            machine
              .list<StatefulSet>(SETS, pod.metadata.namespace)
              .filter((set) => belongs(set, pod))
              .map(keyOf),
          ),
        ),
    },
    reconcile(key, machine) {
      const { namespace, name } = splitKey(key);
      const set = machine.get<StatefulSet>(SETS, namespace, name);
      return set === undefined ? undefined : reconcile(set, machine);
    },
  };
}

/** By its labels and its name. */
const belongs = (set: StatefulSet, pod: KubeObject) =>
  selects(set.spec.selector, pod.metadata.labels) && ordinalOf(set, pod.metadata.name) !== undefined;

interface Revisions {
  current: ControllerRevision;
  update: ControllerRevision;
}

/** One place of the set; `pod` is not made yet when `exists` is false. */
interface Replica {
  ordinal: number;
  pod: Pod;
  exists: boolean;
}

function reconcile(set: StatefulSet, machine: Machine): number | undefined {
  const fits = (pod: KubeObject) => belongs(set, pod);
  const pods = claim(podsOf(machine, set), { owner: set, resource: 'pods', fits }, machine).filter((pod) =>
    isControlledBy(pod, set),
  );
  const { all, update, collisions } = syncRevisions(
    {
      owner: set,
      template: set.spec.template,
      hashLabel: 'controller.kubernetes.io/hash',
      collisions: set.status?.collisionCount ?? 0,
    },
    machine,
  );
  const current = all.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
  const revisions = { current, update };
  let failure: unknown;
  try {
    if (!isTerminating(set)) manage(set, pods, revisions, machine);
  } catch (error) {
    failure = error;
  }
  const left = machine.list<Pod>('pods', set.metadata.namespace).filter((pod) => isControlledBy(pod, set));
  writeStatus(set, left, revisions, collisions, machine);
  const inUse = new Set([current, update].map(({ metadata }) => metadata.name));
  for (const { metadata } of left) inUse.add(metadata.labels?.[REVISION_LABEL] ?? '');
  if (!isTerminating(set)) forgetRevisions(all, inUse, set.spec.revisionHistoryLimit ?? 10, machine);
  if (failure !== undefined) throw failure;
  return nextAvailability(left, set.spec.minReadySeconds ?? 0, machine.clock.now());
}

/** One round: as far as it may go before it has to wait for something. */
function manage(set: StatefulSet, pods: readonly Pod[], revisions: Revisions, machine: Machine): void {
  const now = machine.clock.now();
  const minReady = set.spec.minReadySeconds ?? 0;
  const ordered = set.spec.podManagementPolicy !== 'Parallel';
  const isSound = (pod: Pod) => isAvailable(pod, minReady, now) && !isTerminating(pod);
  const replicas = replicasOf(set, pods, revisions);
  const condemned = pods
    .filter(({ metadata }) => !isInRange(set, ordinalOf(set, metadata.name) ?? -1))
    .toSorted((a, b) => (ordinalOf(set, b.metadata.name) ?? 0) - (ordinalOf(set, a.metadata.name) ?? 0));
  const firstUnsound =
    replicas.find(({ pod, exists }) => !exists || !isSound(pod))?.pod ?? condemned.findLast((pod) => !isSound(pod));

  for (const replica of replicas) {
    const waits = processReplica(set, replica, ordered, isSound, machine);
    if (waits && ordered) return;
  }
  for (const pod of condemned) fitClaims(set, pod, machine);
  for (const pod of condemned) {
    if (isTerminating(pod)) {
      if (ordered) return;
      continue;
    }
    if (ordered && !isSound(pod) && pod !== firstUnsound) return;
    deleteReplica(set, pod, machine);
    if (ordered) return;
  }
  if (set.spec.updateStrategy?.type === 'OnDelete') return;
  updateOne(set, replicas, revisions, isSound, machine);
}

function replicasOf(set: StatefulSet, pods: readonly Pod[], { current, update }: Revisions): Replica[] {
  const start = startOf(set);
  const partition = set.spec.updateStrategy?.rollingUpdate?.partition;
  const rolling = set.spec.updateStrategy?.type !== 'OnDelete';
  const byName = new Map(pods.map((pod) => [pod.metadata.name, pod]));
  return Array.from({ length: Math.min(set.spec.replicas ?? 1, pods.length + PER_ROUND) }, (_, i) => {
    const ordinal = start + i;
    const name = `${set.metadata.name}-${ordinal}`;
    const existing = byName.get(name);
    if (existing !== undefined) return { ordinal, pod: existing, exists: true };
    // What is below the partition, or not yet reached by the update, comes back as it was.
    const old =
      partition === undefined
        ? rolling && ordinal < start + (set.status?.currentReplicas ?? 0)
        : ordinal < start + partition;
    const revision = old ? current : update;
    return {
      ordinal,
      pod: newPod(set, ordinal, templateOf(revision, set.spec.template), revision.metadata.name),
      exists: false,
    };
  });
}

function newPod(set: StatefulSet, ordinal: number, template: PodTemplate, revision: string): Pod {
  const name = `${set.metadata.name}-${ordinal}`;
  const pod = podFromTemplate(template, set, name);
  pod.metadata.labels = {
    ...pod.metadata.labels,
    'statefulset.kubernetes.io/pod-name': name,
    'apps.kubernetes.io/pod-index': String(ordinal),
    [REVISION_LABEL]: revision,
  };
  pod.spec.hostname = name;
  if (set.spec.serviceName !== undefined && set.spec.serviceName !== '') pod.spec.subdomain = set.spec.serviceName;
  return withStorage(set, pod, ordinal);
}

/** True when the rest must wait for it. */
function processReplica(
  set: StatefulSet,
  { pod, exists }: Replica,
  ordered: boolean,
  isSound: (pod: Pod) => boolean,
  machine: Machine,
): boolean {
  if (exists && isFinished(pod)) {
    if (!isTerminating(pod)) deleteReplica(set, pod, machine);
    return true;
  }
  if (!exists) {
    createReplica(set, pod, machine);
    return true;
  }
  if (ordered && (isTerminating(pod) || !isReady(pod) || !isSound(pod))) return true;
  fitClaims(set, pod, machine);
  return false;
}

/** Takes down the last pod that is not up to date, unless one above it is not available yet. */
function updateOne(
  set: StatefulSet,
  replicas: readonly Replica[],
  { update }: Revisions,
  isSound: (pod: Pod) => boolean,
  machine: Machine,
): void {
  const lowest = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  for (const { pod, exists } of replicas.slice(lowest).toReversed()) {
    if (!exists) return;
    if (pod.metadata.labels?.[REVISION_LABEL] !== update.metadata.name && !isTerminating(pod)) {
      deleteReplica(set, pod, machine);
      return;
    }
    if (!isSound(pod)) return;
  }
}

function writeStatus(
  set: StatefulSet,
  pods: readonly Pod[],
  { current, update }: Revisions,
  collisions: number,
  machine: Machine,
): void {
  const now = machine.clock.now();
  const minReady = set.spec.minReadySeconds ?? 0;
  const isRunning = (pod: Pod) => pod.status?.phase === 'Running' && isReady(pod);
  const ready = pods.filter(isRunning);
  const of = (revision: ControllerRevision) =>
    pods.filter((pod) => !isTerminating(pod) && pod.metadata.labels?.[REVISION_LABEL] === revision.metadata.name)
      .length;
  const wanted = set.spec.replicas ?? 1;
  const updated = of(update);
  const complete =
    set.spec.updateStrategy?.type !== 'OnDelete' &&
    [updated, ready.length, pods.length].every((count) => count === wanted);
  machine.modify<StatefulSet>(
    SETS,
    set.metadata.namespace ?? '',
    set.metadata.name,
    (draft) => {
      draft.status = {
        ...draft.status,
        observedGeneration: set.metadata.generation,
        replicas: pods.length,
        readyReplicas: orAbsent(ready.length),
        availableReplicas: ready.filter((pod) => isAvailable(pod, minReady, now)).length,
        currentReplicas: orAbsent(complete ? updated : of(current)),
        updatedReplicas: orAbsent(updated),
        currentRevision: complete ? update.metadata.name : current.metadata.name,
        updateRevision: update.metadata.name,
        collisionCount: collisions,
      };
    },
    'status',
  );
}
