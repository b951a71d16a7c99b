/** What controllers ask about pods, and how they make and remove them. */

import { ApiFailure } from '../../../api/failure.ts';
import { copyJson } from '../../../registry/json.ts';
import type { KubeObject } from '../../../types.ts';
import { parseTime } from '../../timestamps.ts';
import type { Machine } from '../../types.ts';
import { conditionOf } from './conditions.ts';
import { controllerRef } from './owners.ts';
import type { Pod, PodTemplate } from './shapes.ts';

export const isReady = (pod: Pod) => conditionOf(pod.status?.conditions, 'Ready')?.status === 'True';
export const isTerminating = (pod: KubeObject) => pod.metadata.deletionTimestamp !== undefined;
export const isFinished = (pod: Pod) => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
export const isActive = (pod: Pod) => !isFinished(pod) && !isTerminating(pod);

/** Since when it is ready; 0 when it is not. */
export function readySince(pod: Pod): number {
  const condition = conditionOf(pod.status?.conditions, 'Ready');
  return condition?.status === 'True' ? parseTime(condition.lastTransitionTime) : 0;
}

/** Ready for at least so many seconds. */
export function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  if (!isReady(pod)) return false;
  const since = readySince(pod);
  return minReadySeconds === 0 || (since > 0 && since + minReadySeconds * 1000 <= now);
}

/** Ms until the next ready pod becomes available; undefined when none is on its way. */
export function nextAvailability(pods: readonly Pod[], minReadySeconds: number, now: number): number | undefined {
  let soonest: number | undefined;
  for (const pod of pods) {
    if (!isReady(pod) || isAvailable(pod, minReadySeconds, now)) continue;
    const wait = readySince(pod) + minReadySeconds * 1000 - now;
    soonest = Math.min(soonest ?? wait, wait);
  }
  return soonest;
}

/** A pod of a template, not yet created; `name` or a generated one. */
export function podFromTemplate(template: PodTemplate, owner: KubeObject, name?: string): Pod {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: name ?? '',
      generateName: prefixOf(owner.metadata.name),
      namespace: owner.metadata.namespace ?? '',
      ...(labels === undefined ? {} : { labels: { ...labels } }),
      ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
      ...(finalizers === undefined ? {} : { finalizers: [...finalizers] }),
      ownerReferences: [controllerRef(owner)],
    },
    spec: copyJson(template.spec),
  };
}

/** `name-`; without the hyphen when that would be too long for a pod's name. */
const prefixOf = (name: string) => (name.length + 1 > 253 ? name : `${name}-`);

/** Creates a pod for its owner and says so on it. Undefined when the namespace ends: then nothing can be done. Throws what else failed. */
export function createPod(machine: Machine, owner: KubeObject, pod: Pod): KubeObject | undefined {
  try {
    const created = machine.create('pods', pod);
    machine.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name}`);
    return created;
  } catch (error) {
    if (isOfEndingNamespace(error)) return undefined;
    if (error instanceof ApiFailure)
      machine.event(owner, 'Warning', 'FailedCreate', `Error creating: ${error.message}`);
    throw error;
  }
}

export function deletePod(machine: Machine, owner: KubeObject, pod: KubeObject): void {
  const { name, namespace = '' } = pod.metadata;
  try {
    machine.delete('pods', namespace, name);
    machine.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
  } catch (error) {
    if (error instanceof ApiFailure)
      machine.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${error.message}`);
    throw error;
  }
}

/** The API refuses to create anything in a namespace that is being deleted. */
export function isOfEndingNamespace(error: unknown): boolean {
  return (
    error instanceof ApiFailure &&
    (error.status.details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating')
  );
}

/**
 * In batches of 1, 2, 4...: where all would fail, few do. The first failure ends it.
 */
export function slowStart(count: number, create: () => void): unknown {
  let left = count;
  for (let batch = 1; left > 0; batch *= 2) {
    let failure: unknown;
    for (let i = 0; i < Math.min(batch, left); i++) {
      try {
        create();
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure !== undefined) return failure;
    left -= batch;
  }
  return undefined;
}
