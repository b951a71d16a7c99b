/** Owner references: who controls what, taking in orphans and letting go of what no longer fits. */
import type { KubeObject, OwnerReference, ResourceId } from '../../../types.ts';
import type { Machine } from '../../types.ts';
import type { Pod } from './shapes.ts';

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find(({ controller }) => controller === true);
}

export function controllerRef(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  const ref = controllerOf(object);
  return ref !== undefined && ref.uid === owner.metadata.uid;
}

export interface Claim {
  owner: KubeObject;
  resource: ResourceId;
  fits(object: KubeObject): boolean;
}

/** Those of `objects` that the owner controls after adopting orphans that fit and releasing what does not fit any more. */
export function claim<T extends KubeObject>(
  objects: readonly T[],
  { owner, resource, fits }: Claim,
  machine: Machine,
): T[] {
  const ownerEnds = owner.metadata.deletionTimestamp !== undefined;
  const mine: T[] = [];
  for (const object of objects) {
    const { name, namespace = '', deletionTimestamp } = object.metadata;
    const ref = controllerOf(object);
    if (ref !== undefined) {
      if (ref.uid !== owner.metadata.uid) continue;
      if (fits(object)) mine.push(object);
      else if (!ownerEnds) {
        machine.modify(resource, namespace, name, ({ metadata }) => {
          metadata.ownerReferences = metadata.ownerReferences?.filter(({ uid }) => uid !== owner.metadata.uid) ?? [];
        });
      }
    } else if (!ownerEnds && deletionTimestamp === undefined && fits(object)) {
      const adopted = machine.modify<T>(resource, namespace, name, ({ metadata }) => {
        metadata.ownerReferences = [...(metadata.ownerReferences ?? []), controllerRef(owner)];
      });
      if (adopted !== undefined) mine.push(adopted);
    }
  }
  return mine;
}

/** The keys of the controllers of `kind` that a change of a pod may concern: its own, or all that an orphan may fit. */
export function keysOfOwner(
  object: KubeObject,
  kind: string,
  apiGroup: string,
  orphansOf: () => readonly string[],
): readonly string[] {
  const ref = controllerOf(object);
  if (ref === undefined) return object.metadata.deletionTimestamp === undefined ? orphansOf() : [];
  if (ref.kind !== kind || groupOf(ref.apiVersion) !== apiGroup) return [];
  return [`${object.metadata.namespace ?? ''}/${ref.name}`];
}

export const groupOf = (apiVersion: string) =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';

/** Pods of a namespace under their controller's uid; orphans under ''. */
export function podsOf(machine: Machine, owner: KubeObject): Pod[] {
  return machine
    .list<Pod>('pods', owner.metadata.namespace)
    .filter((pod) => isControlledBy(pod, owner) || controllerOf(pod) === undefined);
}
