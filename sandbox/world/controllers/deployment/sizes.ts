/** How many replicas each set of a Deployment gets. */
import { parseTime } from '../../timestamps.ts';
import type { ReplicaSet } from '../replica-set.ts';
import { type Deployment, isRolling, MAX, maxSurge } from './shapes.ts';

export const sizeOf = ({ spec }: ReplicaSet) => spec.replicas ?? 1;
export const totalOf = (sets: readonly ReplicaSet[]) => sets.reduce((sum, set) => sum + sizeOf(set), 0);

export function oldestFirst(a: ReplicaSet, b: ReplicaSet): number {
  const difference = parseTime(a.metadata.creationTimestamp) - parseTime(b.metadata.creationTimestamp);
  if (difference !== 0) return difference;
  return a.metadata.name < b.metadata.name ? -1 : 1;
}

/** What the new set of that size may grow to. */
export function newSize(deployment: Deployment, all: readonly ReplicaSet[], size: number): number {
  const wanted = deployment.spec.replicas ?? 1;
  if (!isRolling(deployment)) return wanted;
  const room = wanted + maxSurge(deployment) - totalOf(all);
  return room <= 0 ? size : size + Math.min(room, wanted - size);
}

/** The share of a change of the Deployment's size that falls on one set; negative when it shrinks. */
export function shareOf(set: ReplicaSet, deployment: Deployment, toAdd: number, added: number): number {
  const size = sizeOf(set);
  if (size === 0 || toAdd === 0 || toAdd === added) return 0;
  const allowed = toAdd - added;
  const fraction = fractionOf(set, deployment, size);
  return toAdd > 0 ? Math.min(fraction, allowed) : Math.max(fraction, allowed);
}

function fractionOf(set: ReplicaSet, deployment: Deployment, size: number): number {
  const wanted = deployment.spec.replicas ?? 1;
  if (wanted === 0) return -size;
  const before = Number(set.metadata.annotations?.[MAX] ?? 0) || (deployment.status?.replicas ?? 0);
  if (before === 0) return 0;
  return Math.round((size * (wanted + maxSurge(deployment))) / before) - size;
}
