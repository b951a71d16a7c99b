/** Keys of objects: `namespace/name`, and `/name` of cluster-scoped ones. */
import type { LogEvent } from '../../../store/types.ts';
import type { KubeObject } from '../../../types.ts';

export const keyOf = ({ metadata }: KubeObject) => `${metadata.namespace ?? ''}/${metadata.name}`;

export function splitKey(key: string): { namespace: string; name: string } {
  const at = key.indexOf('/');
  return { namespace: key.slice(0, at), name: key.slice(at + 1) };
}

/** A change of the resource itself queues its key. */
export const ownKey = ({ version }: LogEvent): readonly string[] => [`${version.namespace}/${version.name}`];

/** The object of an event, and what it was before when that says something else. */
function statesOf<T extends KubeObject>(event: LogEvent): readonly T[] {
  // What is watched is the watcher's to know.
  const now = event.version.body.object() as T;
  return event.type === 'MODIFIED' ? [now, event.previous.body.object() as T] : [now];
}

/** Every distinct key of the states of an event. */
export function keysOfStates<T extends KubeObject>(
  event: LogEvent,
  keysOf: (object: T) => readonly string[],
): readonly string[] {
  const states = statesOf<T>(event);
  if (states.length === 1 && states[0] !== undefined) return keysOf(states[0]);
  return [...new Set(states.flatMap(keysOf))];
}

/** `system:serviceaccount:kube-system:NAME`, as which controllers of the real manager write. */
export const serviceAccount = (name: string) => `system:serviceaccount:kube-system:${name}`;

/** The identity of a controller of the real kube-controller-manager. */
export const managed = (name: string, account: string = name) => ({
  name,
  user: serviceAccount(account),
  fieldManager: 'kube-controller-manager',
});
