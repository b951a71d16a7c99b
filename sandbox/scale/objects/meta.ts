/** The metadata of generated objects, in the order in which the real server prints it. */
import type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from '../../types.ts';

export interface Meta {
  name: string;
  namespace?: string;
  uid: string;
  revision: number | string;
  generation?: number;
  /** RFC 3339. */
  created: string;
  deletion?: { timestamp: string; seconds: number } | undefined;
  generateName?: string | undefined;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  owners?: OwnerReference[];
  finalizers?: string[];
  managedFields?: ManagedFieldsEntry[];
}

export function metadata(meta: Meta): ObjectMeta {
  const { deletion, labels, annotations } = meta;
  return {
    name: meta.name,
    ...(meta.generateName === undefined ? {} : { generateName: meta.generateName }),
    ...(meta.namespace === undefined ? {} : { namespace: meta.namespace }),
    uid: meta.uid,
    resourceVersion: String(meta.revision),
    ...(meta.generation === undefined ? {} : { generation: meta.generation }),
    creationTimestamp: meta.created,
    ...(deletion === undefined
      ? {}
      : { deletionTimestamp: deletion.timestamp, deletionGracePeriodSeconds: deletion.seconds }),
    ...(labels === undefined ? {} : { labels: sorted(labels) }),
    ...(annotations === undefined ? {} : { annotations: sorted(annotations) }),
    ...(meta.owners === undefined ? {} : { ownerReferences: meta.owners }),
    ...(meta.finalizers === undefined ? {} : { finalizers: meta.finalizers }),
    ...(meta.managedFields === undefined ? {} : { managedFields: meta.managedFields }),
  };
}

/** By key, as Go prints maps. */
export function sorted<T>(map: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function controlledBy(apiVersion: string, kind: string, name: string, uid: string): OwnerReference {
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}
