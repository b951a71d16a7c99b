/** The cluster as one of its components sees it: free reads from the store, writes through the registry in the component's name. */
import { ApiFailure } from '../api/failure.ts';
import type { SandboxClock } from '../clock.ts';
import { copyJson, sharing, withoutAbsent } from '../json-value.ts';
import type { Kinds } from '../kinds/types.ts';
import type { Registry, Target, WriteContext } from '../registry/types.ts';
import type { Store } from '../store/types.ts';
import type { Caller, KubeObject, ResourceId, ResourceInfo } from '../types.ts';
import { createRecorder } from './event-recorder.ts';
import type { Controller, Machine } from './types.ts';

export interface MachineParts {
  store: Store;
  registry: Registry;
  kinds: Kinds;
  clock: SandboxClock;
  random: () => number;
  /** Who it works for. */
  controller: Pick<Controller, 'name' | 'user' | 'fieldManager'>;
  /** Whether events are not recorded now. */
  hushed?: () => boolean;
}

/** The machine of one component. */
export function createMachine(parts: MachineParts): Machine {
  const { store, registry, kinds, clock, random, controller } = parts;
  const context: WriteContext = {
    caller: callerOf(controller.user),
    dryRun: false,
    fieldManager: controller.fieldManager,
    fieldValidation: 'Ignore',
    warn: () => undefined,
    inside: true,
  };

  function resourceOf(id: ResourceId): ResourceInfo {
    const resource = kinds.byId(id);
    if (resource === undefined)
      throw new ApiFailure(404, 'NotFound', 'the server could not find the requested resource');
    return resource;
  }
  const targetOf = (id: ResourceId, namespace: string, name: string): Target => {
    const resource = resourceOf(id);
    return { resource, version: resource.storageVersion, namespace, name };
  };

  const machine: Machine = {
    clock,
    random,
    // What a resource holds is known to who asks for it: the type is the caller's word.
    get: <T extends KubeObject>(id: ResourceId, namespace: string, name: string) =>
      store.get(id, namespace, name)?.body.object() as T | undefined,
    list: <T extends KubeObject>(id: ResourceId, namespace?: string) =>
      store.list(id, namespace).map(({ body }) => body.object() as T),
    create(id, object) {
      const { namespace = '', name = '' } = object.metadata;
      return registry.create({ ...targetOf(id, namespace, ''), name }, withoutAbsent(object), context);
    },
    modify<T extends KubeObject>(
      id: ResourceId,
      namespace: string,
      name: string,
      change: (draft: T) => unknown,
      subresource?: 'status' | 'finalize',
    ): T | undefined {
      const current = store.get(id, namespace, name)?.body.object() as T | undefined;
      if (current === undefined) return undefined;
      const draft = draftOf(current, subresource);
      if (change(draft) === false) return current;
      const next = sharing(current, draft);
      if (next === current) return current;
      const target = { ...targetOf(id, namespace, name), ...(subresource === undefined ? {} : { subresource }) };
      return registry.update(target, next, context).object as T;
    },
    delete(id, namespace, name, options = {}) {
      const { uid, ...rest } = options;
      const wanted = { ...rest, ...(uid === undefined ? {} : { preconditions: { uid } }) };
      try {
        registry.delete(targetOf(id, namespace, name), wanted, context);
      } catch (error) {
        if (!isFailure(error, 404)) throw error;
      }
    },
    bind(namespace, pod, node) {
      const binding = {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name: pod, namespace },
        target: { kind: 'Node', name: node },
      };
      registry.create({ ...targetOf('pods', namespace, pod), subresource: 'binding' }, binding, context);
    },
    event(...args) {
      if (parts.hushed?.() !== true) record(...args);
    },
    subscribe(resource, onEvent) {
      store.subscribe({ resource }, store.revision, onEvent);
    },
  };
  const record = createRecorder({ machine, component: controller.name });
  return machine;
}

/** A copy to change, but for what no component changes: managed fields, and whatever a write of the status leaves alone. */
function draftOf<T extends KubeObject>(current: T, subresource: string | undefined): T {
  const { managedFields, ...metadata } = current.metadata;
  const copied = { ...copyJson(metadata), ...(managedFields === undefined ? {} : { managedFields }) };
  if (subresource !== 'status') {
    const { metadata: _, ...rest } = current;
    return { ...copyJson(rest), metadata: copied } as unknown as T;
  }
  return { ...current, metadata: copied, ...('status' in current ? { status: copyJson(current.status) } : {}) };
}

/** Whether something thrown is a failure of the API with that code (any code when none is named). */
export function isFailure(error: unknown, code?: number): error is ApiFailure {
  return error instanceof ApiFailure && (code === undefined || error.status.code === code);
}

/** A component's user with the groups that authentication would give it. */
function callerOf(user: string): Caller {
  const [, kind, namespace] = user.split(':');
  const groups = ['system:authenticated'];
  if (kind === 'serviceaccount') groups.unshift('system:serviceaccounts', `system:serviceaccounts:${namespace}`);
  if (kind === 'node') groups.unshift('system:nodes');
  return { user, groups };
}
