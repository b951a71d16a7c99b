/** PodDisruptionBudgets: how many pods may be evicted now. */
import type { KubeObject } from '../../types.ts';
import { parseTime, rfc3339 } from '../timestamps.ts';
import type { Controller, Machine } from '../types.ts';
import { setCondition } from './kit/conditions.ts';
import { keyOf, keysOfStates, managed, ownKey, splitKey } from './kit/keys.ts';
import { type IntOrPercent, scaled } from './kit/numbers.ts';
import { controllerOf } from './kit/owners.ts';
import { isReady, isTerminating } from './kit/pods.ts';
import { selectorText, selects } from './kit/selector.ts';
import type { Condition, LabelSelector, Pod } from './kit/shapes.ts';

const BUDGETS = 'poddisruptionbudgets.policy';
/** How long an eviction that was granted is believed in. */
const EVICTION_MS = 120_000;
const SCALED: Readonly<Record<string, string>> = {
  ReplicaSet: 'replicasets.apps',
  StatefulSet: 'statefulsets.apps',
  ReplicationController: 'replicationcontrollers',
  Deployment: 'deployments.apps',
};

interface Budget extends KubeObject {
  spec: { minAvailable?: IntOrPercent; maxUnavailable?: IntOrPercent; selector?: LabelSelector };
  status?: {
    observedGeneration?: number;
    disruptionsAllowed?: number;
    currentHealthy?: number;
    desiredHealthy?: number;
    expectedPods?: number;
    disruptedPods?: Record<string, string>;
    conditions?: Condition[];
  };
}

interface Scaled extends KubeObject {
  spec?: { replicas?: number };
}

export function disruptionController(): Controller {
  return {
    ...managed('disruption-controller'),
    name: 'controllermanager',
    watches: {
      [BUDGETS]: ownKey,
      pods: (event, machine) =>
        keysOfStates<Pod>(event, (pod) =>
          machine
            .list<Budget>(BUDGETS, pod.metadata.namespace)
            .filter(({ spec }) => selects(spec.selector, pod.metadata.labels))
            .map(keyOf),
        ),
      'deployments.apps': budgetsOfNamespace,
      'replicasets.apps': budgetsOfNamespace,
      'statefulsets.apps': budgetsOfNamespace,
    },
    reconcile(key, machine) {
      const { namespace, name } = splitKey(key);
      const budget = machine.get<Budget>(BUDGETS, namespace, name);
      return budget === undefined || isTerminating(budget) ? undefined : sync(budget, machine);
    },
  };
}

function budgetsOfNamespace({ version }: { version: { namespace: string } }, machine: Machine): readonly string[] {
  return machine.list(BUDGETS, version.namespace).map(keyOf);
}

function sync(budget: Budget, machine: Machine): number | undefined {
  const now = machine.clock.now();
  const { namespace = '', name } = budget.metadata;
  const pods = machine.list<Pod>('pods', namespace).filter((pod) => selects(budget.spec.selector, pod.metadata.labels));
  if (pods.length === 0) machine.event(budget, 'Normal', 'NoPods', 'No matching pods found');
  const { expected, desired } = expectations(budget, pods, machine);
  const { disrupted, again } = stillDisrupted(budget, pods, machine);
  const healthy = pods.filter(
    (pod) => !isTerminating(pod) && disrupted[pod.metadata.name] === undefined && isReady(pod),
  ).length;
  const allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired);
  machine.modify<Budget>(
    BUDGETS,
    namespace,
    name,
    (draft) => {
      const observedGeneration = budget.metadata.generation ?? 0;
      const condition: Condition = {
        type: 'DisruptionAllowed',
        status: allowed > 0 ? 'True' : 'False',
        observedGeneration,
        lastTransitionTime: rfc3339(now),
        reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
        message: '',
      };
      draft.status = {
        observedGeneration,
        ...(Object.keys(disrupted).length === 0 ? {} : { disruptedPods: disrupted }),
        disruptionsAllowed: allowed,
        currentHealthy: healthy,
        desiredHealthy: desired,
        expectedPods: expected,
        conditions: setCondition(draft.status?.conditions, condition),
      };
    },
    'status',
  );
  return again;
}

/** How many pods there should be, and how many of them healthy. */
function expectations(budget: Budget, pods: readonly Pod[], machine: Machine): { expected: number; desired: number } {
  const { minAvailable, maxUnavailable, selector = {} } = budget.spec;
  if (typeof minAvailable === 'number') return { expected: pods.length, desired: minAvailable };
  const { count, unmanaged } = expectedCount(pods, machine);
  if (unmanaged) {
    machine.event(
      budget,
      'Warning',
      'UnmanagedPods',
      `Pods selected by this PodDisruptionBudget (selector: ${selectorText(selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`,
    );
  }
  if (maxUnavailable !== undefined) {
    return { expected: count, desired: Math.max(0, count - scaled(maxUnavailable, count, 'up')) };
  }
  return { expected: count, desired: minAvailable === undefined ? 0 : scaled(minAvailable, count, 'up') };
}

/** The sum of the sizes of what controls the pods: a ReplicaSet of a Deployment counts as that. */
function expectedCount(pods: readonly Pod[], machine: Machine): { count: number; unmanaged: boolean } {
  const sizes = new Map<string, number>();
  let unmanaged = false;
  for (const pod of pods) {
    const owner = scaledOwner(pod, machine);
    if (owner === undefined) unmanaged = true;
    else sizes.set(owner.metadata.uid ?? '', owner.spec?.replicas ?? 1);
  }
  return { count: [...sizes.values()].reduce((sum, size) => sum + size, 0), unmanaged };
}

function scaledOwner(object: KubeObject, machine: Machine): Scaled | undefined {
  const ref = controllerOf(object);
  const resource = ref === undefined ? undefined : SCALED[ref.kind];
  if (ref === undefined || resource === undefined) return undefined;
  const owner = machine.get<Scaled>(resource, object.metadata.namespace ?? '', ref.name);
  if (owner === undefined || owner.metadata.uid !== ref.uid) return undefined;
  return ref.kind === 'ReplicaSet' ? (scaledOwner(owner, machine) ?? owner) : owner;
}

/** Evictions that were granted and have not been seen yet. */
function stillDisrupted(budget: Budget, pods: readonly Pod[], machine: Machine) {
  const now = machine.clock.now();
  const disrupted: Record<string, string> = {};
  let again: number | undefined;
  for (const [name, time] of Object.entries(budget.status?.disruptedPods ?? {})) {
    const pod = pods.find(({ metadata }) => metadata.name === name);
    if (pod === undefined || isTerminating(pod)) continue;
    const left = parseTime(time) + EVICTION_MS - now;
    if (left <= 0) {
      const called = `${budget.metadata.namespace ?? ''}/${budget.metadata.name}`;
      machine.event(pod, 'Warning', 'NotDeleted', `Pod was expected by PDB ${called} to be deleted but it wasn't`);
      continue;
    }
    disrupted[name] = time;
    again = Math.min(again ?? left, left);
  }
  return { disrupted, again };
}
