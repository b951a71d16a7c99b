/** What is served: built-in resources of a current cluster, and custom ones that come and go with their CRDs. */
import type { ResourceId, ResourceInfo, ServedVersion } from '../types.ts';
import type { Schema } from './schema.ts';

export interface Served {
  resource: ResourceInfo;
  version: ServedVersion;
}

/** The RESTMapper of the sandbox. */
export interface Kinds {
  /** By what stands in a path: `('apps', 'v1', 'deployments')`; the core group is ''. */
  byPath(group: string, version: string, plural: string): Served | undefined;
  byKind(group: string, version: string, kind: string): Served | undefined;
  byId(id: ResourceId): ResourceInfo | undefined;
  all(): readonly ResourceInfo[];
  /** A `$ref` followed to the schema it names, `allOf` with a single member flattened; the schema itself otherwise. */
  resolve(schema: Schema): Schema;
  /** Grows with every change of what is served. */
  readonly generation: number;
  /** Put in place or replaced by the CRD controller; an unusable one is reported on its CRD, never here. */
  addCustom(resource: ResourceInfo): void;
  removeCustom(id: ResourceId): void;
  /** Called after each change; returns how to stop. */
  onChange(listener: () => void): () => void;
}
