/** The writing half of the API: which flow a verb of a resource or subresource takes. */

import type { Clock } from '../../src/kernel/clock.ts';
import { notFound, notServed } from '../api/failure.ts';
import type { Kinds } from '../kinds/types.ts';
import type { Store } from '../store/types.ts';
import type { KubeObject, ResourceId } from '../types.ts';
import { createObject } from './flows/create.ts';
import { deleteObject } from './flows/delete.ts';
import { trackWrite } from './flows/managed-fields.ts';
import { patchObject } from './flows/patch.ts';
import { putObject } from './flows/put-object.ts';
import { liveOf, updateObject } from './flows/update.ts';
import { copyOf, sameJson } from './json.ts';
import type { Parts } from './parts.ts';
import { heapRoom } from './room.ts';
import { createAddresses } from './services/addresses.ts';
import type { Strategy } from './strategy.ts';
import { bindPod } from './subresources/binding.ts';
import { evictPod } from './subresources/eviction.ts';
import { getScale, patchScale, updateScale } from './subresources/scale.ts';
import type { Registry, Target, WriteContext } from './types.ts';
import { fromStorage } from './versions/convert.ts';

interface RegistryOptions {
  store: Store;
  kinds: Kinds;
  clock: Clock;
  /** Seeded: [0, 1). */
  random: () => number;
  strategies: Readonly<Record<ResourceId, Strategy>>;
  /** Whether another object can be stored; as far as memory goes unless it is given. */
  hasRoom?: () => boolean;
  /** `serviceaccounts/token`, which needs keys to sign with; answers 501 without. */
  createToken?: (target: Target, request: KubeObject, context: WriteContext) => KubeObject;
}

/** The apiserver itself, where it writes on its own account. */
const SELF: WriteContext = {
  caller: { user: 'system:apiserver', groups: ['system:authenticated'] },
  dryRun: false,
  fieldManager: 'kube-apiserver',
  fieldValidation: 'Ignore',
  warn: () => undefined,
};

export function createRegistry(options: RegistryOptions): Registry {
  const { store, kinds, clock, random, strategies, hasRoom = heapRoom(), createToken } = options;
  const parts: Parts = {
    store,
    kinds,
    clock,
    random,
    strategies,
    addresses: createAddresses(store, random),
    hasRoom,
    updateStatus(resource, namespace, name, change) {
      updateStatus(parts, resource, namespace, name, change);
    },
  };
  return {
    get(target) {
      if (target.subresource === 'scale') return getScale(parts, target);
      const live = liveOf(parts, target);
      if (live === undefined) throw notFound(target.resource, target.name);
      return fromStorage(live, target.resource, target.version);
    },
    create(target, object, context) {
      switch (target.subresource) {
        case undefined:
          if (target.resource.id === 'bindings') return bindPod(parts, podOf(parts, target, object), object, context);
          return createObject(parts, target, object, context);
        case 'binding':
          return bindPod(parts, target, object, context);
        case 'eviction':
          return evictPod(parts, target, object, context);
        case 'token':
          if (createToken !== undefined) return createToken(target, object, context);
          throw notServed('tokens of service accounts');
        default:
          throw notServed(`creation of ${target.resource.plural}/${target.subresource}`);
      }
    },
    update(target, object, context) {
      if (target.subresource === 'scale') return updateScale(parts, target, object, context);
      return updateObject(parts, target, object, context);
    },
    patch(target, patch, context) {
      if (target.subresource === 'scale') return patchScale(parts, target, patch, context);
      return patchObject(parts, target, patch, context);
    },
    delete: (target, deleteOptions, context) => deleteObject(parts, target, deleteOptions, context),
  };
}

/** The old way to bind: the pod is named by the binding. */
function podOf(parts: Parts, target: Target, binding: KubeObject): Target {
  const resource = parts.kinds.byId('pods') ?? target.resource;
  return { ...target, resource, name: binding.metadata.name, subresource: 'binding' };
}

/** Straight into the store: neither admission nor validation stands between the server and its own bookkeeping. */
function updateStatus(
  parts: Parts,
  id: ResourceId,
  namespace: string,
  name: string,
  change: (draft: KubeObject) => void,
): void {
  const resource = parts.kinds.byId(id);
  const live = parts.store.get(id, namespace, name)?.body.object();
  if (resource === undefined || live === undefined) return;
  const draft = copyOf(live);
  change(draft);
  if (sameJson(draft, live)) return;
  const target: Target = { resource, version: resource.storageVersion, namespace, name, subresource: 'status' };
  trackWrite(parts, target, live, draft, SELF);
  putObject(parts, resource, draft);
}
