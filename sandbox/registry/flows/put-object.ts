/** The last step of a write: the object in the order of fields that the real server gives, into the store. */
import { METADATA_ORDER } from '../../store/held-body.ts';
import type { KubeObject, ObjectMeta, ResourceInfo } from '../../types.ts';
import type { Parts } from '../parts.ts';

/** `selfLink` is no longer kept. */
const ORDER: readonly (keyof ObjectMeta)[] = METADATA_ORDER.filter((field) => field !== 'selfLink');
/** Custom objects are maps to the server, and maps are written sorted. */
const SORTED = [...ORDER].sort();

export function putObject(parts: Parts, resource: ResourceInfo, object: KubeObject): KubeObject {
  object.metadata = ordered(object.metadata, resource.origin === 'custom' ? SORTED : ORDER);
  return parts.store.put({ resource: resource.id, object }).body.object();
}

function ordered(metadata: ObjectMeta, order: readonly (keyof ObjectMeta)[]): ObjectMeta {
  const result: Record<string, unknown> = {};
  for (const key of order) {
    // The store sets the version; its place is kept.
    const value = key === 'resourceVersion' ? '' : metadata[key];
    if (value !== undefined) result[key] = value;
  }
  // The fields of the metadata it was made from.
  return result as unknown as ObjectMeta;
}
