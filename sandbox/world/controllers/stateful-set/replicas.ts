/** Making and removing the pods of a StatefulSet with the claims that belong to them. */

import { ApiFailure } from '../../../api/failure.ts';
import { copyJson } from '../../../registry/json.ts';
import type { KubeObject, OwnerReference } from '../../../types.ts';
import type { Machine } from '../../types.ts';
import { controllerRef } from '../kit/owners.ts';
import { isOfEndingNamespace } from '../kit/pods.ts';
import type { Pod } from '../kit/shapes.ts';
import { type ClaimTemplate, isInRange, ordinalOf, type StatefulSet } from './shapes.ts';

const CLAIMS = 'persistentvolumeclaims';
const claimName = (set: StatefulSet, template: ClaimTemplate, ordinal: number) =>
  `${template.metadata.name}-${set.metadata.name}-${ordinal}`;

/** The volumes of the templates, in place of ones of the same name. */
export function withStorage(set: StatefulSet, pod: Pod, ordinal: number): Pod {
  const templates = set.spec.volumeClaimTemplates ?? [];
  if (templates.length === 0) return pod;
  const names = new Set(templates.map(({ metadata }) => metadata.name));
  pod.spec.volumes = [
    ...templates.map((template) => ({
      name: template.metadata.name,
      persistentVolumeClaim: { claimName: claimName(set, template, ordinal) },
    })),
    ...(pod.spec.volumes ?? []).filter(({ name }) => !names.has(name)),
  ];
  return pod;
}

/** Says on the set how it went; a failure goes on. */
function told<T>(
  set: StatefulSet,
  verb: 'create' | 'delete',
  what: string,
  machine: Machine,
  act: () => T,
): T | undefined {
  const word = verb === 'create' ? 'Create' : 'Delete';
  try {
    const result = act();
    const end = what.startsWith('Claim') ? 'success' : 'successful';
    machine.event(set, 'Normal', `Successful${word}`, `${word} ${what} in StatefulSet ${set.metadata.name} ${end}`);
    return result;
  } catch (error) {
    if (isOfEndingNamespace(error)) return undefined;
    if (error instanceof ApiFailure) {
      const text = `${word} ${what.replace(/^(Claim \S+) Pod/, '$1 for Pod')} in StatefulSet ${set.metadata.name} failed error: ${error.message}`;
      machine.event(set, 'Warning', `Failed${word}`, text);
    }
    throw error;
  }
}

export function createReplica(set: StatefulSet, pod: Pod, machine: Machine): void {
  const ordinal = ordinalOf(set, pod.metadata.name) ?? 0;
  for (const template of set.spec.volumeClaimTemplates ?? []) createClaim(set, template, ordinal, pod, machine);
  const created = told(set, 'create', `Pod ${pod.metadata.name}`, machine, () => machine.create('pods', pod));
  if (created !== undefined) fitClaims(set, created, machine);
}

function createClaim(set: StatefulSet, template: ClaimTemplate, ordinal: number, pod: Pod, machine: Machine): void {
  const name = claimName(set, template, ordinal);
  const namespace = set.metadata.namespace ?? '';
  const there = machine.get(CLAIMS, namespace, name);
  if (there !== undefined) {
    if (there.metadata.deletionTimestamp !== undefined) throw new Error(`pvc ${name} is being deleted`);
    return;
  }
  const { labels, annotations } = template.metadata;
  told(set, 'create', `Claim ${name} Pod ${pod.metadata.name}`, machine, () =>
    machine.create(CLAIMS, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name,
        namespace,
        labels: { ...labels, ...set.spec.selector?.matchLabels },
        ...(annotations === undefined ? {} : { annotations }),
      },
      spec: copyJson(template.spec),
    }),
  );
}

export function deleteReplica(set: StatefulSet, pod: Pod, machine: Machine): void {
  const { namespace = '', name } = pod.metadata;
  told(set, 'delete', `Pod ${name}`, machine, () => machine.delete('pods', namespace, name));
}

/** Who the claims of a pod go with, by the set's retention policy: the set, the pod once it is scaled away, or nobody. */
export function fitClaims(set: StatefulSet, pod: KubeObject, machine: Machine): void {
  const ordinal = ordinalOf(set, pod.metadata.name) ?? 0;
  const { whenDeleted = 'Retain', whenScaled = 'Retain' } = set.spec.persistentVolumeClaimRetentionPolicy ?? {};
  const scaledAway = !isInRange(set, ordinal);
  const owners: OwnerReference[] = [];
  if (whenScaled === 'Delete' && scaledAway) owners.push(controllerRef(pod));
  else if (whenDeleted === 'Delete') owners.push(controllerRef(set));
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    machine.modify(CLAIMS, set.metadata.namespace ?? '', claimName(set, template, ordinal), ({ metadata }) => {
      const foreign = (metadata.ownerReferences ?? []).filter(
        ({ uid }) => uid !== set.metadata.uid && uid !== pod.metadata.uid,
      );
      if (foreign.some(({ controller }) => controller === true)) return false;
      const refs = [...foreign, ...owners];
      if (refs.length === 0) delete metadata.ownerReferences;
      else metadata.ownerReferences = refs;
      return true;
    });
  }
}
