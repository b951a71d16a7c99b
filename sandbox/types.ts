/** The vocabulary of the sandbox: what an object is, who asks, what a resource is. Types only. */
import type { Schema } from './kinds/schema.ts';

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ManagedFieldsEntry {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  /** RFC 3339, seconds. */
  time?: string;
  fieldsType: 'FieldsV1';
  fieldsV1: Record<string, unknown>;
  subresource?: string;
}

export interface ObjectMeta {
  name: string;
  generateName?: string;
  /** Absent on cluster-scoped objects. */
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string | null;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
  managedFields?: ManagedFieldsEntry[];
  selfLink?: string;
}

/** Any object of the API as parsed JSON. What the store hands out is shared: never change it, copy it (`structuredClone`). */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** `deployments.apps`, `pods`: plural and group, whatever the version. One store key prefix each. */
export type ResourceId = string;

export interface Subresource {
  /** The kind that it takes and gives, with its own group and version: autoscaling/v1 Scale, policy/v1 Eviction... */
  kind: { group: string; version: string; kind: string };
  verbs: readonly string[];
}

/** One version of a resource that is served. */
export interface ServedVersion {
  version: string;
  verbs: readonly string[];
  subresources: Readonly<Record<string, Subresource>>;
  /** Of the kind at this version. Absent for kinds without fields of their own to know. */
  schema?: Schema;
  /** A custom kind's `additionalPrinterColumns`. */
  printerColumns?: readonly PrinterColumn[];
  deprecationWarning?: string;
  /** JSON paths of a custom kind that field selectors may ask for, besides name and namespace: `.spec.color`. */
  selectableFields?: readonly string[];
}

export interface PrinterColumn {
  name: string;
  type: string;
  format?: string;
  description?: string;
  priority?: number;
  jsonPath: string;
}

/** A resource as discovery and the RESTMapper know it. */
export interface ResourceInfo {
  id: ResourceId;
  group: string;
  plural: string;
  singular: string;
  kind: string;
  listKind: string;
  namespaced: boolean;
  shortNames: readonly string[];
  categories: readonly string[];
  /** In order of preference, the preferred one first. */
  versions: readonly ServedVersion[];
  storageVersion: string;
  /** The resource that holds the objects, when it is another one: those of `events.events.k8s.io` are kept as `events`. */
  storedAs?: ResourceId;
  origin: 'builtin' | 'custom';
}

/** Who asks, after authentication. */
export interface Caller {
  user: string;
  groups: readonly string[];
  uid?: string;
  extra?: Readonly<Record<string, readonly string[]>>;
}
