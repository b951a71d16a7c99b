/** The writing half of the API beneath HTTP: what REST verbs do to one object. Used by the server and by the world's components alike. */
import type { Caller, KubeObject, ResourceInfo } from '../types.ts';

export interface Target {
  resource: ResourceInfo;
  /** The served version that objects are taken and given in. */
  version: string;
  /** '' for cluster-scoped resources. */
  namespace: string;
  name: string;
  /** `status`, `scale`, `eviction`, `binding`, `ephemeralcontainers`, `token`, `approval`, `finalize`, `resize`. */
  subresource?: string;
}

export interface WriteContext {
  caller: Caller;
  dryRun: boolean;
  fieldManager: string;
  fieldValidation: 'Ignore' | 'Warn' | 'Strict';
  /** What strict decoding of the body found already: `duplicate field "spec.replicas"`. */
  strictErrors?: readonly string[];
  /** Texts for `Warning: 299` headers. */
  warn(text: string): void;
  /**
   * A component of the world writes: its objects are of the types of their kind, hold nothing that is `undefined`, belong to the
   * registry from then on, and share with the stored object the parts that are unchanged (`sharing`). Neither those parts nor
   * types are looked at again.
   */
  inside?: true;
}

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

export interface Patch {
  type: PatchType;
  /** Parsed JSON (an array for `json`). */
  body: unknown;
  /** Server-side apply: take over fields that others own. */
  force: boolean;
}

/** meta/v1 DeleteOptions as parsed from body and query. */
export interface DeleteOptions {
  gracePeriodSeconds?: number;
  propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  preconditions?: { uid?: string; resourceVersion?: string };
}

export interface Written {
  object: KubeObject;
  created: boolean;
}

/** What a delete left: gone at once, or marked and waiting for grace time or finalizers. */
export type Deleted = { kind: 'gone'; object: KubeObject } | { kind: 'waiting'; object: KubeObject };

/** All throw `ApiFailure`. Objects come and go in `target.version`; results are shared and must not be changed. */
export interface Registry {
  get(target: Target): KubeObject;
  /** `target.name` is '' unless the subresource (eviction, binding, token) names a parent. */
  create(target: Target, object: KubeObject, context: WriteContext): KubeObject;
  update(target: Target, object: KubeObject, context: WriteContext): Written;
  patch(target: Target, patch: Patch, context: WriteContext): Written;
  delete(target: Target, options: DeleteOptions, context: WriteContext): Deleted;
}
