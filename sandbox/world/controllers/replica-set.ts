/** ReplicaSets and ReplicationControllers: as many pods of a template as wanted, no more and no fewer. */
import { ApiFailure } from '../../api/failure.ts';
import type { KubeObject, ResourceId } from '../../types.ts';
import { rfc3339 } from '../timestamps.ts';
import type { Controller, Machine } from '../types.ts';
import { conditionOf, withoutCondition } from './kit/conditions.ts';
import { keyOf, keysOfStates, managed, ownKey, splitKey } from './kit/keys.ts';
import { orAbsent } from './kit/numbers.ts';
import { claim, groupOf, isControlledBy, keysOfOwner, podsOf } from './kit/owners.ts';
import {
  createPod,
  deletePod,
  isActive,
  isAvailable,
  isFinished,
  isReady,
  isTerminating,
  nextAvailability,
  podFromTemplate,
  slowStart,
} from './kit/pods.ts';
import { selects, selectsExactly } from './kit/selector.ts';
import type { Condition, LabelSelector, Pod, PodTemplate } from './kit/shapes.ts';
import { victimsFirst } from './kit/victims.ts';

export interface ReplicaSet extends KubeObject {
  spec: {
    replicas?: number;
    minReadySeconds?: number;
    selector?: LabelSelector | Record<string, string>;
    template: PodTemplate;
  };
  status?: ReplicaSetStatus;
}

interface ReplicaSetStatus {
  replicas: number;
  fullyLabeledReplicas?: number | undefined;
  readyReplicas?: number | undefined;
  availableReplicas?: number | undefined;
  terminatingReplicas?: number | undefined;
  observedGeneration?: number | undefined;
  conditions?: Condition[] | undefined;
}

/** The real controllers make or remove at most so many pods at a time. */
const BURST = 500;

interface Flavour {
  name: string;
  resource: ResourceId;
  kind: string;
  apiVersion: string;
  selects(set: ReplicaSet, labels: Readonly<Record<string, string>>): boolean;
  countsTerminating: boolean;
}

export const replicaSetController = () =>
  controllerOf({
    name: 'replicaset-controller',
    resource: 'replicasets.apps',
    kind: 'ReplicaSet',
    apiVersion: 'apps/v1',
    selects: ({ spec }, labels) => selects(spec.selector as LabelSelector | undefined, labels),
    countsTerminating: true,
  });

export const replicationController = () =>
  controllerOf({
    name: 'replication-controller',
    resource: 'replicationcontrollers',
    kind: 'ReplicationController',
    apiVersion: 'v1',
    // Its selector is a map, and an empty one selects nothing.
    selects: ({ spec }, labels) =>
      Object.keys(spec.selector ?? {}).length > 0 &&
      selectsExactly((spec.selector ?? {}) as Record<string, string>, labels),
    countsTerminating: false,
  });

function controllerOf(flavour: Flavour): Controller {
  const { name, resource, kind } = flavour;
  const ownersOf = (pod: KubeObject, machine: Machine) =>
    keysOfOwner(pod, kind, groupOf(flavour.apiVersion), () =>
      machine
        .list<ReplicaSet>(resource, pod.metadata.namespace)
        .filter((set) => flavour.selects(set, pod.metadata.labels ?? {}))
        .map(keyOf),
    );
  return {
    ...managed(name),
    watches: {
      [resource]: ownKey,
      pods: (event, machine) => keysOfStates(event, (pod) => ownersOf(pod, machine)),
    },
    reconcile(key, machine) {
      const { namespace, name: setName } = splitKey(key);
      const set = machine.get<ReplicaSet>(resource, namespace, setName);
      return set === undefined ? undefined : reconcile(set, flavour, machine);
    },
  };
}

function reconcile(set: ReplicaSet, flavour: Flavour, machine: Machine): number | undefined {
  const candidates = podsOf(machine, set);
  const fits = (pod: KubeObject) => flavour.selects(set, pod.metadata.labels ?? {});
  const active = claim(candidates.filter(isActive), { owner: set, resource: 'pods', fits }, machine);
  const terminating = candidates.filter(
    (pod) => isTerminating(pod) && !isFinished(pod) && isControlledBy(pod, set) && fits(pod),
  );
  const failure = isTerminating(set) ? undefined : manage(set, active, machine);

  const now = machine.clock.now();
  const wanted = set.spec.replicas ?? 1;
  const minReady = set.spec.minReadySeconds ?? 0;
  const templateLabels = set.spec.template.metadata?.labels ?? {};
  const ready = active.filter(isReady);
  const available = ready.filter((pod) => isAvailable(pod, minReady, now));
  machine.modify<ReplicaSet>(
    flavour.resource,
    set.metadata.namespace ?? '',
    set.metadata.name,
    (draft) => {
      draft.status = {
        ...draft.status,
        replicas: active.length,
        fullyLabeledReplicas: orAbsent(
          active.filter((pod) => selectsExactly(templateLabels, pod.metadata.labels ?? {})).length,
        ),
        readyReplicas: orAbsent(ready.length),
        availableReplicas: orAbsent(available.length),
        ...(flavour.countsTerminating ? { terminatingReplicas: terminating.length } : {}),
        observedGeneration: set.metadata.generation,
        conditions: withFailure(draft.status?.conditions, failure, active.length - wanted, now),
      };
    },
    'status',
  );
  if (failure !== undefined) throw failure;
  return minReady > 0 && ready.length !== available.length ? nextAvailability(ready, minReady, now) : undefined;
}

/** Creates or removes what is missing or too much; what failed, if something did. */
function manage(set: ReplicaSet, active: readonly Pod[], machine: Machine): unknown {
  const surplus = active.length - (set.spec.replicas ?? 1);
  if (surplus < 0) {
    return slowStart(Math.min(-surplus, BURST), () => {
      createPod(machine, set, podFromTemplate(set.spec.template, set));
    });
  }
  if (surplus === 0) return undefined;
  let failure: unknown;
  const related = relatedPods(set, active, machine);
  for (const pod of victimsFirst(active, related, machine.clock.now()).slice(0, Math.min(surplus, BURST))) {
    try {
      deletePod(machine, set, pod);
    } catch (error) {
      failure ??= error;
    }
  }
  return failure;
}

/** The pods of all sets of the same owner: one node should not keep many pods of one Deployment. */
function relatedPods(set: ReplicaSet, active: readonly Pod[], machine: Machine): readonly Pod[] {
  const owner = set.metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined) return active;
  const siblings = new Set(
    machine
      .list('replicasets.apps', set.metadata.namespace)
      .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === owner.uid))
      .map(({ metadata }) => metadata.uid),
  );
  return machine
    .list<Pod>('pods', set.metadata.namespace)
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ controller, uid }) => controller && siblings.has(uid)));
}

/** A failure's condition is set once and stays as it is until all goes well. */
function withFailure(conditions: Condition[] | undefined, failure: unknown, surplus: number, now: number) {
  if (failure === undefined) return withoutCondition(conditions, 'ReplicaFailure');
  if (conditionOf(conditions, 'ReplicaFailure') !== undefined || surplus === 0) return conditions;
  return [
    ...(conditions ?? []),
    {
      type: 'ReplicaFailure',
      status: 'True' as const,
      lastTransitionTime: rfc3339(now),
      reason: surplus < 0 ? 'FailedCreate' : 'FailedDelete',
      message: failure instanceof ApiFailure ? failure.message : 'The operation failed',
    },
  ];
}
