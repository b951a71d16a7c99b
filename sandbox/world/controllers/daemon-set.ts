/** DaemonSets: one pod on every node that takes it. */

import { sameJson } from '../../json-value.ts';
import type { LogEvent } from '../../store/types.ts';
import type { KubeObject } from '../../types.ts';
import { parseTime } from '../timestamps.ts';
import type { Controller, Machine } from '../types.ts';
import { type DaemonSet, isUpdated, nodeOfPod, podFor, shouldRun } from './daemon-set/nodes.ts';
import { rollingChanges } from './daemon-set/rolling.ts';
import { keyOf, keysOfStates, managed, ownKey, splitKey } from './kit/keys.ts';
import { orAbsent } from './kit/numbers.ts';
import { claim, isControlledBy, keysOfOwner, podsOf } from './kit/owners.ts';
import {
  createPod,
  deletePod,
  isAvailable,
  isFinished,
  isReady,
  isTerminating,
  nextAvailability,
  slowStart,
} from './kit/pods.ts';
import { forgetRevisions, syncRevisions } from './kit/revisions.ts';
import { selects } from './kit/selector.ts';
import type { Node, Pod } from './kit/shapes.ts';

const SETS = 'daemonsets.apps';
const HASH = 'controller-revision-hash';
/** As the real controller: failed pods of one node are replaced after 1 s, 2 s... 15 min. */
const FIRST_BACKOFF_MS = 1_000;
const LAST_BACKOFF_MS = 900_000;

interface Backoffs {
  /** Ms until a failed pod may be replaced; 0 when it may now, and then the next one waits longer. */
  wait(key: string, now: number): number;
}

export function daemonSetController(): Controller {
  const backoffs = createBackoffs();
  return {
    ...managed('daemonset-controller', 'daemon-set-controller'),
    watches: {
      [SETS]: ownKey,
      pods: (event, machine) =>
        keysOfStates(event, (pod) =>
          keysOfOwner(pod, 'DaemonSet', 'apps', () =>
            machine
              .list<DaemonSet>(SETS, pod.metadata.namespace)
              .filter(({ spec }) => selects(spec.selector, pod.metadata.labels))
              .map(keyOf),
          ),
        ),
      nodes: (event, machine) => (concernsPods(event) ? machine.list(SETS).map(keyOf) : []),
    },
    reconcile(key, machine) {
      const { namespace, name } = splitKey(key);
      const set = machine.get<DaemonSet>(SETS, namespace, name);
      if (set === undefined || isTerminating(set)) return undefined;
      if (sameJson(set.spec.selector, {})) {
        const text = 'This daemon set is selecting all pods. A non-empty selector is required.';
        machine.event(set, 'Warning', 'SelectingAll', text);
        return undefined;
      }
      return reconcile(set, backoffs, machine);
    },
  };
}

/** Heartbeats are of no interest. */
function concernsPods(event: LogEvent): boolean {
  if (event.type !== 'MODIFIED') return true;
  const now = event.version.body.object() as Node;
  const before = event.previous.body.object() as Node;
  return !sameJson(now.spec, before.spec) || !sameJson(now.metadata.labels, before.metadata.labels);
}

function createBackoffs(): Backoffs {
  const known = new Map<string, { delay: number; at: number }>();
  return {
    wait(key, now) {
      const entry = known.get(key);
      if (entry !== undefined && now - entry.at < entry.delay) return entry.delay - (now - entry.at);
      const fresh = entry === undefined || now - entry.at > 2 * LAST_BACKOFF_MS;
      known.set(key, { delay: fresh ? FIRST_BACKOFF_MS : Math.min(entry.delay * 2, LAST_BACKOFF_MS), at: now });
      return 0;
    },
  };
}

type PodsByNode = ReadonlyMap<string, readonly Pod[]>;

function daemonPods(set: DaemonSet, machine: Machine): PodsByNode {
  const fits = (pod: KubeObject) => selects(set.spec.selector, pod.metadata.labels);
  const byNode = new Map<string, Pod[]>();
  for (const pod of claim(podsOf(machine, set), { owner: set, resource: 'pods', fits }, machine)) {
    if (!isControlledBy(pod, set) || (isFinished(pod) && isTerminating(pod))) continue;
    const node = nodeOfPod(pod);
    if (node !== undefined) byNode.set(node, [...(byNode.get(node) ?? []), pod]);
  }
  for (const pods of byNode.values()) pods.sort(oldestFirst);
  return byNode;
}

const oldestFirst = (a: Pod, b: Pod) =>
  parseTime(a.metadata.creationTimestamp) - parseTime(b.metadata.creationTimestamp) ||
  (a.metadata.name < b.metadata.name ? -1 : 1);

function reconcile(set: DaemonSet, backoffs: Backoffs, machine: Machine): number | undefined {
  const nodes = machine.list<Node>('nodes');
  const collisions = set.status?.collisionCount ?? 0;
  const revised = syncRevisions({ owner: set, template: set.spec.template, hashLabel: HASH, collisions }, machine);
  const hash = revised.update.metadata.labels?.[HASH] ?? '';
  let again: number | undefined;
  let failure: unknown;
  try {
    again = manage(set, nodes, hash, backoffs, machine);
    if (set.spec.updateStrategy?.type !== 'OnDelete') {
      const { remove, create } = rollingChanges({
        set,
        nodes,
        byNode: daemonPods(set, machine),
        hash,
        now: machine.clock.now(),
      });
      change(set, remove, create, hash, machine);
    }
    const inUse = new Set([revised.update.metadata.name]);
    for (const pods of daemonPods(set, machine).values()) {
      for (const { metadata } of pods) inUse.add(`${set.metadata.name}-${metadata.labels?.[HASH] ?? ''}`);
    }
    forgetRevisions(revised.all, inUse, set.spec.revisionHistoryLimit ?? 10, machine);
  } catch (error) {
    failure = error;
  }
  const next = writeStatus(set, nodes, hash, revised.collisions, machine);
  if (failure !== undefined) throw failure;
  const waits = [again, next].filter((ms) => ms !== undefined);
  return waits.length === 0 ? undefined : Math.min(...waits);
}

/** One pod on each node that should have one, none elsewhere. Returns ms until a failed one may be replaced. */
function manage(
  set: DaemonSet,
  nodes: readonly Node[],
  hash: string,
  backoffs: Backoffs,
  machine: Machine,
): number | undefined {
  const byNode = daemonPods(set, machine);
  const create: string[] = [];
  const remove: Pod[] = [];
  let again: number | undefined;
  for (const node of nodes) {
    const { name } = node.metadata;
    const pods = byNode.get(name) ?? [];
    const { runs, stays } = shouldRun(set, node);
    if (runs && pods.length === 0) create.push(name);
    else if (!stays) remove.push(...pods.filter((pod) => !isTerminating(pod)));
    else {
      const wait = tidy(set, name, pods, hash, backoffs, remove, create, runs, machine);
      if (wait !== undefined) again = Math.min(again ?? wait, wait);
    }
  }
  const known = new Set(nodes.map(({ metadata }) => metadata.name));
  for (const [node, pods] of byNode) {
    if (!known.has(node)) remove.push(...pods.filter((pod) => !pod.spec.nodeName && !isTerminating(pod)));
  }
  change(set, remove, create, hash, machine);
  return again;
}

/** Pods on a node where one belongs: ended ones and surplus ones go. */
function tidy(
  set: DaemonSet,
  node: string,
  pods: readonly Pod[],
  hash: string,
  backoffs: Backoffs,
  remove: Pod[],
  create: string[],
  runs: boolean,
  machine: Machine,
): number | undefined {
  let again: number | undefined;
  const running: Pod[] = [];
  for (const pod of pods.filter((one) => !isTerminating(one))) {
    const called = `${pod.metadata.namespace ?? ''}/${pod.metadata.name} on node ${node}`;
    if (pod.status?.phase === 'Failed') {
      const wait = backoffs.wait(
        `${set.metadata.uid}/${set.status?.observedGeneration ?? 0}/${node}`,
        machine.clock.now(),
      );
      if (wait > 0) again = Math.min(again ?? wait, wait);
      else {
        machine.event(set, 'Warning', 'FailedDaemonPod', `Found failed daemon pod ${called}, will try to kill it`);
        remove.push(pod);
      }
    } else if (pod.status?.phase === 'Succeeded') {
      machine.event(set, 'Normal', 'SucceededDaemonPod', `Found succeeded daemon pod ${called}, will try to delete it`);
      remove.push(pod);
    } else running.push(pod);
  }
  const surge = set.spec.updateStrategy?.rollingUpdate?.maxSurge;
  if (surge === undefined || surge === 0 || surge === '0%') {
    remove.push(...running.slice(1));
    return again;
  }
  if (running.length === 0 && runs) create.push(node);
  const fresh = running.filter((pod) => isUpdated(set, pod, hash));
  const stale = running.filter((pod) => !isUpdated(set, pod, hash));
  remove.push(...fresh.slice(1), ...stale.slice(1));
  const [newest, oldest] = [fresh[0], stale[0]];
  if (newest === undefined || oldest === undefined) return again;
  const done = isAvailable(newest, set.spec.minReadySeconds ?? 0, machine.clock.now());
  if (!isReady(oldest) || done) remove.push(oldest);
  return again;
}

function change(
  set: DaemonSet,
  remove: readonly Pod[],
  create: readonly string[],
  hash: string,
  machine: Machine,
): void {
  const nodes = [...create];
  const failure = slowStart(nodes.length, () => {
    createPod(machine, set, podFor(set, nodes.shift() ?? '', hash));
  });
  for (const pod of new Set(remove)) deletePod(machine, set, pod);
  if (failure !== undefined) throw failure;
}

function writeStatus(
  set: DaemonSet,
  nodes: readonly Node[],
  hash: string,
  collisions: number,
  machine: Machine,
): number | undefined {
  const byNode = daemonPods(set, machine);
  const now = machine.clock.now();
  const minReady = set.spec.minReadySeconds ?? 0;
  const counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, available: 0, updated: 0 };
  for (const node of nodes) {
    const pod = byNode.get(node.metadata.name)?.[0];
    if (!shouldRun(set, node).runs) {
      if (pod !== undefined) counts.misscheduled += 1;
      continue;
    }
    counts.desired += 1;
    if (pod === undefined) continue;
    counts.current += 1;
    if (isReady(pod)) counts.ready += 1;
    if (isAvailable(pod, minReady, now)) counts.available += 1;
    if (isUpdated(set, pod, hash)) counts.updated += 1;
  }
  machine.modify<DaemonSet>(
    SETS,
    set.metadata.namespace ?? '',
    set.metadata.name,
    (draft) => {
      draft.status = {
        ...draft.status,
        currentNumberScheduled: counts.current,
        numberMisscheduled: counts.misscheduled,
        desiredNumberScheduled: counts.desired,
        numberReady: counts.ready,
        observedGeneration: set.metadata.generation,
        updatedNumberScheduled: orAbsent(counts.updated),
        numberAvailable: orAbsent(counts.available),
        numberUnavailable: orAbsent(counts.desired - counts.available),
        collisionCount: orAbsent(collisions),
      };
    },
    'status',
  );
  return nextAvailability([...byNode.values()].flat(), minReady, now);
}
