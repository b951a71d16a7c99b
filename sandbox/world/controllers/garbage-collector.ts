/** The garbage collector: what an owner leaves behind goes too, before it, or is set free. */
import type { Kinds } from '../../kinds/types.ts';
import type { LogEvent } from '../../store/types.ts';
import type { KubeObject, OwnerReference, ResourceId } from '../../types.ts';
import type { Controller, Machine } from '../types.ts';
import { managed, splitKey } from './kit/keys.ts';
import { groupOf } from './kit/owners.ts';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';
/** An owner of a kind that is not served: looked for again after this, for its CRD may come. */
const UNKNOWN_KIND_RETRY_MS = 30_000;

/** `resource namespace/name`. */
type Item = string;
const itemOf = (resource: ResourceId, namespace: string, name: string): Item => `${resource} ${namespace}/${name}`;
function parse(item: Item): { resource: ResourceId; namespace: string; name: string } {
  const at = item.indexOf(' ');
  return { resource: item.slice(0, at), ...splitKey(item.slice(at + 1)) };
}

export function garbageCollector({ kinds }: { kinds: Kinds }): Controller {
  /** Items by the uids of their owners. */
  const dependents = new Map<string, Set<Item>>();
  const watched = new Set<ResourceId>();

  function index(item: Item, before: readonly OwnerReference[], now: readonly OwnerReference[]): void {
    for (const { uid } of before) {
      const items = dependents.get(uid);
      items?.delete(item);
      if (items?.size === 0) dependents.delete(uid);
    }
    for (const { uid } of now) {
      const items = dependents.get(uid) ?? new Set();
      items.add(item);
      dependents.set(uid, items);
    }
  }

  function observe(event: LogEvent, queue: (item: Item) => void, machine: Machine): void {
    const { version } = event;
    const item = itemOf(version.resource, version.namespace, version.name);
    const { metadata } = version.body.object();
    const now = event.type === 'DELETED' ? [] : (metadata.ownerReferences ?? []);
    const before = event.type === 'ADDED' ? [] : (event.previous.body.object().metadata.ownerReferences ?? []);
    if (before.length > 0 || now.length > 0) index(item, before, now);
    if (event.type === 'DELETED') {
      for (const dependent of dependents.get(version.uid) ?? []) queue(dependent);
      // Who waited for it may go now.
      for (const ref of before) queueOwner(ref, version.namespace, queue, machine);
      return;
    }
    if (metadata.deletionTimestamp !== undefined || now.length > 0) queue(item);
    if (event.type === 'MODIFIED') for (const ref of before) queueOwner(ref, version.namespace, queue, machine);
  }

  function queueOwner(ref: OwnerReference, namespace: string, queue: (item: Item) => void, machine: Machine): void {
    const found = coordinates(ref, namespace);
    if (found === undefined) return;
    const owner = machine.get(found.resource, found.namespace, ref.name);
    if (owner?.metadata.uid === ref.uid && owner.metadata.deletionTimestamp !== undefined) {
      queue(itemOf(found.resource, found.namespace, ref.name));
    }
  }

  function coordinates(
    ref: OwnerReference,
    namespace: string,
  ): { resource: ResourceId; namespace: string } | undefined {
    const version = ref.apiVersion.slice(ref.apiVersion.indexOf('/') + 1);
    const served = kinds.byKind(groupOf(ref.apiVersion), version, ref.kind);
    if (served === undefined) return undefined;
    return { resource: served.resource.id, namespace: served.resource.namespaced ? namespace : '' };
  }

  function ownerState(
    ref: OwnerReference,
    namespace: string,
    machine: Machine,
  ): 'solid' | 'absent' | 'waits' | 'unknown' {
    const found = coordinates(ref, namespace);
    if (found === undefined) return 'unknown';
    const owner = machine.get(found.resource, found.namespace, ref.name);
    if (owner === undefined || owner.metadata.uid !== ref.uid) return 'absent';
    const { deletionTimestamp, finalizers = [] } = owner.metadata;
    const waits = deletionTimestamp !== undefined && finalizers.includes(FOREGROUND) && ref.blockOwnerDeletion === true;
    return waits ? 'waits' : 'solid';
  }

  /** An object that ends, and asked for its dependents to be dealt with first. */
  function finish(item: Item, object: KubeObject, machine: Machine, queueNow: (item: Item) => void): void {
    const { resource, namespace, name } = parse(item);
    const { finalizers = [], uid = '' } = object.metadata;
    const mine = [...(dependents.get(uid) ?? [])];
    if (finalizers.includes(ORPHAN)) {
      for (const dependent of mine) release(dependent, new Set([uid]), machine);
      dropFinalizer(resource, namespace, name, ORPHAN, machine);
      return;
    }
    if (!finalizers.includes(FOREGROUND)) return;
    const blocking = mine.filter((dependent) => {
      const { resource: of, namespace: at, name: called } = parse(dependent);
      const refs = machine.get(of, at, called)?.metadata.ownerReferences ?? [];
      return refs.some((ref) => ref.uid === uid && ref.blockOwnerDeletion === true);
    });
    for (const dependent of mine) queueNow(dependent);
    if (blocking.length === 0) dropFinalizer(resource, namespace, name, FOREGROUND, machine);
  }

  function collect(item: Item, object: KubeObject, machine: Machine): number | undefined {
    const { resource, namespace, name } = parse(item);
    const { ownerReferences = [], finalizers = [], uid = '' } = object.metadata;
    const states = ownerReferences.map((ref) => ({ ref, state: ownerState(ref, namespace, machine) }));
    if (states.length === 0) return undefined;
    const gone = states.filter(({ state }) => state === 'absent' || state === 'waits');
    const waits = states.some(({ state }) => state === 'waits');
    if (states.some(({ state }) => state === 'unknown')) return UNKNOWN_KIND_RETRY_MS;
    if (states.some(({ state }) => state === 'solid')) {
      if (gone.length > 0) release(item, new Set(gone.map(({ ref }) => ref.uid)), machine);
      return undefined;
    }
    const own = finalizers.includes(ORPHAN) ? 'Orphan' : finalizers.includes(FOREGROUND) ? 'Foreground' : 'Background';
    const propagationPolicy = waits && (dependents.get(uid)?.size ?? 0) > 0 ? 'Foreground' : own;
    machine.delete(resource, namespace, name, { uid, propagationPolicy });
    return undefined;
  }

  let queueItem: (item: Item) => void = () => undefined;
  return {
    ...managed('garbage-collector-controller', 'generic-garbage-collector'),
    watches: {},
    start(queue, machine) {
      queueItem = queue;
      const watchAll = () => {
        for (const { id } of kinds.all()) {
          // Events own nothing and are owned by nothing.
          if (watched.has(id) || id === 'events' || id === 'events.events.k8s.io') continue;
          watched.add(id);
          machine.subscribe(id, (event) => observe(event, queue, machine));
          for (const object of machine.list(id)) {
            const { namespace = '', name, ownerReferences = [], deletionTimestamp } = object.metadata;
            const item = itemOf(id, namespace, name);
            index(item, [], ownerReferences);
            if (ownerReferences.length > 0 || deletionTimestamp !== undefined) queue(item);
          }
        }
      };
      watchAll();
      kinds.onChange(watchAll);
    },
    reconcile(item, machine) {
      const { resource, namespace, name } = parse(item);
      const object = machine.get(resource, namespace, name);
      if (object === undefined) return undefined;
      if (object.metadata.deletionTimestamp !== undefined) {
        finish(item, object, machine, queueItem);
        return undefined;
      }
      return collect(item, object, machine);
    },
  };
}

function release(item: Item, uids: ReadonlySet<string>, machine: Machine): void {
  const { resource, namespace, name } = parse(item);
  machine.modify(resource, namespace, name, ({ metadata }) => {
    const rest = (metadata.ownerReferences ?? []).filter(({ uid }) => !uids.has(uid));
    if (rest.length === 0) delete metadata.ownerReferences;
    else metadata.ownerReferences = rest;
  });
}

function dropFinalizer(
  resource: ResourceId,
  namespace: string,
  name: string,
  finalizer: string,
  machine: Machine,
): void {
  machine.modify(resource, namespace, name, ({ metadata }) => {
    metadata.finalizers = (metadata.finalizers ?? []).filter((one) => one !== finalizer);
  });
}
