/** Resizing the sets of a Deployment, and forgetting old ones. */
import type { Machine } from '../../types.ts';
import { isTerminating } from '../kit/pods.ts';
import type { ReplicaSet } from '../replica-set.ts';
import { DESIRED, type Deployment, isRolling, MAX, maxSurge, REPLICA_SETS, REVISION } from './shapes.ts';
import { oldestFirst, shareOf, sizeOf, totalOf } from './sizes.ts';

/** Resizes one set, notes what it was resized for and says so; true when its size changed. */
export function scaleOne(set: ReplicaSet, size: number, deployment: Deployment, machine: Machine): boolean {
  const before = sizeOf(set);
  if (before === size) return false;
  write(set, size, deployment, machine);
  const way = before < size ? 'up' : 'down';
  const text = `Scaled ${way} replica set ${set.metadata.name} from ${before} to ${size}`;
  machine.event(deployment, 'Normal', 'ScalingReplicaSet', text);
  return true;
}

function write(set: ReplicaSet, size: number, deployment: Deployment, machine: Machine): void {
  const wanted = deployment.spec.replicas ?? 1;
  machine.modify<ReplicaSet>(REPLICA_SETS, set.metadata.namespace ?? '', set.metadata.name, ({ spec, metadata }) => {
    spec.replicas = size;
    metadata.annotations = {
      ...metadata.annotations,
      [DESIRED]: String(wanted),
      [MAX]: String(wanted + maxSurge(deployment)),
    };
  });
}

/** A Deployment of another size than before: all to its only active set, or to each in proportion amidst a rollout. */
export function scaleProportionally(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
  machine: Machine,
): void {
  const wanted = deployment.spec.replicas ?? 1;
  const single = activeOrLatest(current, old);
  if (single !== undefined) {
    scaleOne(single, wanted, deployment, machine);
    return;
  }
  const active = [...old, ...(current === undefined ? [] : [current])].filter((set) => sizeOf(set) > 0);
  if (isSaturated(deployment, current)) {
    for (const set of old) if (sizeOf(set) > 0) scaleOne(set, 0, deployment, machine);
    return;
  }
  if (!isRolling(deployment)) return;
  const toAdd = (wanted > 0 ? wanted + maxSurge(deployment) : 0) - totalOf(active);
  // Of sets of one size, newer ones grow first and older ones shrink first.
  const inOrder = active.toSorted(
    (a, b) => sizeOf(b) - sizeOf(a) || (toAdd > 0 ? -oldestFirst(a, b) : oldestFirst(a, b)),
  );
  let added = 0;
  const sizes = inOrder.map((set) => {
    const share = shareOf(set, deployment, toAdd, added);
    added += share;
    return { set, size: sizeOf(set) + share };
  });
  for (const [i, { set, size }] of sizes.entries()) {
    const next = i === 0 && toAdd !== 0 ? Math.max(0, size + toAdd - added) : size;
    if (!scaleOne(set, next, deployment, machine)) write(set, next, deployment, machine);
  }
}

function activeOrLatest(current: ReplicaSet | undefined, old: readonly ReplicaSet[]): ReplicaSet | undefined {
  const all = [...old, ...(current === undefined ? [] : [current])];
  const active = all.filter((set) => sizeOf(set) > 0);
  if (active.length === 0) return current ?? old.toSorted(oldestFirst).at(-1);
  return active.length === 1 ? active[0] : undefined;
}

function isSaturated(deployment: Deployment, set: ReplicaSet | undefined): boolean {
  const wanted = deployment.spec.replicas ?? 1;
  return (
    set !== undefined &&
    sizeOf(set) === wanted &&
    Number(set.metadata.annotations?.[DESIRED]) === wanted &&
    (set.status?.availableReplicas ?? 0) === wanted
  );
}

/** Removes the oldest empty sets beyond the limit of the history. */
export function cleanUp(deployment: Deployment, old: readonly ReplicaSet[], machine: Machine): void {
  const limit = deployment.spec.revisionHistoryLimit ?? 10;
  // The largest number means no limit.
  if (limit === 2 ** 31 - 1) return;
  const alive = old.filter((set) => !isTerminating(set));
  const revision = ({ metadata }: ReplicaSet) => Number(metadata.annotations?.[REVISION] ?? 0);
  const surplus = alive.length - limit;
  if (surplus <= 0) return;
  for (const set of alive.toSorted((a, b) => revision(a) - revision(b) || oldestFirst(a, b)).slice(0, surplus)) {
    const busy = sizeOf(set) > 0 || (set.status?.replicas ?? 0) > 0;
    const unseen = (set.metadata.generation ?? 0) > (set.status?.observedGeneration ?? 0);
    if (!busy && !unseen) machine.delete(REPLICA_SETS, set.metadata.namespace ?? '', set.metadata.name);
  }
}
