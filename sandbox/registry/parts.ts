/** What every flow of the registry works with. */
import type { Clock } from '../../src/kernel/clock.ts';
import type { Kinds } from '../kinds/types.ts';
import type { Store } from '../store/types.ts';
import { rfc3339 } from '../timestamps.ts';
import type { KubeObject, ResourceId, ResourceInfo } from '../types.ts';
import type { ServiceAddresses } from './services/addresses.ts';
import type { Strategy } from './strategy.ts';
import type { Target } from './types.ts';

export interface Parts {
  store: Store;
  kinds: Kinds;
  clock: Clock;
  /** Seeded: [0, 1). */
  random(): number;
  strategies: Readonly<Record<ResourceId, Strategy>>;
  addresses: ServiceAddresses;
  /** Whether another object can be stored. */
  hasRoom(): boolean;
  /** Writes the status of a stored object as the apiserver itself does; nothing when the object is gone. */
  updateStatus(resource: ResourceId, namespace: string, name: string, change: (draft: KubeObject) => void): void;
}

export { rfc3339 as timestamp };

export function strategyOf(parts: Parts, resource: ResourceInfo): Strategy {
  return parts.strategies[resource.id] ?? {};
}

/** The stored object, shared: never change it. */
export function stored(parts: Parts, resource: ResourceId, namespace: string, name: string): KubeObject | undefined {
  return parts.store.get(resource, namespace, name)?.body.object();
}

export function storedIn(parts: Parts, resource: ResourceId, namespace?: string): KubeObject[] {
  return parts.store.list(resource, namespace).map((version) => version.body.object());
}

export function apiVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

export function hasStatus(target: Pick<Target, 'resource' | 'version'>): boolean {
  const served = target.resource.versions.find(({ version }) => version === target.version);
  return served?.subresources['status'] !== undefined;
}
