/** What a component of the living world (a controller, the scheduler, the kubelet model) works with. */

import type { SandboxClock } from '../clock.ts';
import type { LogEvent } from '../store/types.ts';
import type { KubeObject, ResourceId } from '../types.ts';

/** The cluster as its own components see it: reads are free, writes go through the registry as that component's user. */
export interface Machine {
  clock: SandboxClock;
  /** Seeded: [0, 1). */
  random(): number;
  get<T extends KubeObject = KubeObject>(resource: ResourceId, namespace: string, name: string): T | undefined;
  list<T extends KubeObject = KubeObject>(resource: ResourceId, namespace?: string): readonly T[];
  create(resource: ResourceId, object: KubeObject): KubeObject;
  /**
   * Reads, changes a copy and writes it: undefined when the object is gone; no write when `change` returns false or changed
   * nothing. `status` writes through the status subresource, `finalize` through that of namespaces.
   */
  modify<T extends KubeObject = KubeObject>(
    resource: ResourceId,
    namespace: string,
    name: string,
    change: (draft: T) => unknown,
    subresource?: 'status' | 'finalize',
  ): T | undefined;
  delete(
    resource: ResourceId,
    namespace: string,
    name: string,
    options?: { gracePeriodSeconds?: number; uid?: string; propagationPolicy?: 'Orphan' | 'Background' | 'Foreground' },
  ): void;
  /** The pods/binding subresource. */
  bind(namespace: string, pod: string, node: string): void;
  /** Records a core/v1 Event as client-go's recorder does: equal ones are counted up, not repeated. */
  event(
    about: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    options?: { fieldPath?: string; host?: string },
  ): void;
  subscribe(resource: ResourceId, onEvent: (event: LogEvent) => void): void;
}

/** A level-triggered component: every change of what it watches queues keys, and each key is brought to what it should be. */
export interface Controller {
  /** The component's name in events and managedFields: `deployment-controller`. */
  name: string;
  /** Who it writes as: `system:serviceaccount:kube-system:deployment-controller`, `system:node:NAME`... */
  user: string;
  /** The manager in managedFields: `kube-controller-manager`, `kube-scheduler`, `kubelet`. */
  fieldManager: string;
  /** Which keys a change of `resource` queues. Keys are the controller's own; usually `namespace/name`. */
  watches: Readonly<Record<ResourceId, (event: LogEvent, machine: Machine) => readonly string[]>>;
  /** Ends at once; a number asks to be called again after so many ms on the clock. A thrown conflict or failure is tried again with back-off. */
  reconcile(key: string, machine: Machine): number | undefined;
  /** Called once before anything is watched: for one that finds its keys by itself (a garbage collector of all kinds there are). */
  start?(queue: (key: string) => void, machine: Machine): void;
}
