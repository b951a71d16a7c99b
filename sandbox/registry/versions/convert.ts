/** One object in another served version of its resource. */
import type { Kinds } from '../../kinds/types.ts';
import type { KubeObject, ResourceInfo } from '../../types.ts';
import { apiVersionOf } from '../parts.ts';
import { eventFromCore, eventToCore } from './events.ts';
import { autoscalerToV1, autoscalerToV2 } from './horizontal-pod-autoscalers.ts';
import { storageOf } from './storage.ts';

/** From the stored form to `version` of `resource`. The object itself when nothing differs; otherwise a new one that may share parts. */
export function fromStorage(stored: KubeObject, resource: ResourceInfo, version: string): KubeObject {
  const wanted = apiVersionOf(resource.group, version);
  if (stored.apiVersion === wanted) return stored;
  if (resource.id === 'events.events.k8s.io') return eventFromCore(stored);
  if (resource.id === 'horizontalpodautoscalers.autoscaling') {
    return version === 'v1' ? autoscalerToV1(stored) : autoscalerToV2(stored);
  }
  return { ...stored, apiVersion: wanted };
}

/** To the form in which it is stored. */
export function toStorage(object: KubeObject, resource: ResourceInfo, kinds: Kinds): KubeObject {
  const kept = storageOf(resource, kinds);
  const wanted = apiVersionOf(kept.group, kept.storageVersion);
  if (object.apiVersion === wanted) return object;
  if (resource.id === 'events.events.k8s.io') return eventToCore(object);
  if (resource.id === 'horizontalpodautoscalers.autoscaling') {
    return kept.storageVersion === 'v2' ? autoscalerToV2(object) : autoscalerToV1(object);
  }
  return { ...object, apiVersion: wanted };
}

/** How a server turns stored objects into `version`; undefined where the stored form serves as it is. */
export function converterOf(
  resource: ResourceInfo,
  version: string,
  kinds: Kinds,
): ((stored: KubeObject) => KubeObject) | undefined {
  const kept = storageOf(resource, kinds);
  if (apiVersionOf(kept.group, kept.storageVersion) === apiVersionOf(resource.group, version)) return undefined;
  return (stored) => fromStorage(stored, resource, version);
}
