/** Where a resource's objects are kept: some are served by two groups and stored once. */
import type { Kinds } from '../../kinds/types.ts';
import type { ResourceId, ResourceInfo } from '../../types.ts';

const KEPT_AS: Readonly<Record<ResourceId, ResourceId>> = { 'events.events.k8s.io': 'events' };

/** The key of the store for a resource: `events` for `events.events.k8s.io`, its own id for all others. */
export function storageId(resource: ResourceId): ResourceId {
  return KEPT_AS[resource] ?? resource;
}

/** The resource as whose objects it is stored. */
export function storageOf(resource: ResourceInfo, kinds: Kinds): ResourceInfo {
  const id = storageId(resource.id);
  return id === resource.id ? resource : (kinds.byId(id) ?? resource);
}
