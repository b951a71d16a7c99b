/** What is particular to one kind when it is written; everything else is the registry's. All work on the storage version. */

import type { FieldError } from '../api/failure.ts';
import type { KubeObject } from '../types.ts';

export interface Strategy {
  /** Fills in what a writer left out, as the real defaulting functions do. Runs before validation on every write. */
  defaults?(object: KubeObject): void;
  /** Drops or sets what a creator may not decide: status, and the like. */
  prepareCreate?(object: KubeObject): void;
  /** Keeps from `old` what an update may not change in silence. */
  prepareUpdate?(object: KubeObject, old: KubeObject): void;
  /** All problems at once, in the real apiserver's words. The registry itself checks metadata. */
  validate?(object: KubeObject): FieldError[];
  /** Besides `validate`: immutable fields and forbidden transitions. */
  validateUpdate?(object: KubeObject, old: KubeObject): FieldError[];
  /** What is checked of `metadata.name`; `subdomain` (DNS-1123 subdomain) by default, `path` allows colons and upper case (RBAC). */
  nameRule?: 'subdomain' | 'label' | 'label-1035' | 'path';
  /** Texts for `Warning` headers about a valid object (deprecated annotations, a duplicate port...). */
  warnings?(object: KubeObject): string[];
  /** `metadata.generation` grows with changes of everything but metadata and status; false for kinds that have none (ConfigMap, Service...). */
  generation?: boolean;
  /** PUT of a name that does not exist creates it (leases, events, endpoints, RBAC...). */
  createOnUpdate?: boolean;
  /** Seconds of grace when a delete names none (pods: spec.terminationGracePeriodSeconds when scheduled, else 0). */
  gracePeriodSeconds?(object: KubeObject): number;
  /** Propagation when a delete names none; Background unless said. */
  defaultPropagation?: 'Orphan' | 'Background';
}
