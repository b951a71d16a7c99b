/** A registry over an empty store for tests: still clock, seeded random, everything else as in the sandbox. */
import { ApiFailure } from '../api/failure.ts';
import type { Status } from '../api/types.ts';
import { createClock } from '../clock.ts';
import { createKinds } from '../kinds/create-kinds.ts';
import { createStore } from '../store/create-store.ts';
import type { KubeObject, ResourceId } from '../types.ts';
import { createRegistry } from './create-registry.ts';
import { STRATEGIES } from './strategies/index.ts';
import type { DeleteOptions, Patch, PatchType, Target, WriteContext } from './types.ts';

export const START = Date.parse('2026-11-21T21:00:00Z');

type Draft = Omit<KubeObject, 'apiVersion' | 'kind' | 'metadata'> & { metadata: Partial<KubeObject['metadata']> };

export function testRegistry() {
  const store = createStore({ freezes: true });
  const kinds = createKinds();
  const clock = createClock('still', START);
  let seed = 7;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const registry = createRegistry({ store, kinds, clock, random, strategies: STRATEGIES });
  const warnings: string[] = [];
  const context: WriteContext = {
    caller: { user: 'admin', groups: ['system:masters'] },
    dryRun: false,
    fieldManager: 'test',
    fieldValidation: 'Warn',
    warn: (text) => warnings.push(text),
  };

  function target(id: ResourceId, name = '', subresource?: string): Target {
    const resource = kinds.byId(id);
    if (resource === undefined) throw new Error(`no ${id}`);
    const namespace = resource.namespaced ? 'default' : '';
    const version = resource.storageVersion;
    return { resource, version, namespace, name, ...(subresource === undefined ? {} : { subresource }) };
  }

  const whole = (id: ResourceId, draft: Draft): KubeObject => {
    const { resource, version } = target(id);
    const apiVersion = resource.group === '' ? version : `${resource.group}/${version}`;
    return { apiVersion, kind: resource.kind, ...draft } as KubeObject;
  };
  const test = {
    store,
    kinds,
    clock,
    registry,
    warnings,
    context,
    target,
    get: (id: ResourceId, name: string) => registry.get(target(id, name)),
    create: (id: ResourceId, draft: Draft, more: Partial<WriteContext> = {}) =>
      registry.create(target(id), whole(id, draft), { ...context, ...more }),
    update: (id: ResourceId, draft: Draft, subresource?: string) =>
      registry.update(target(id, draft.metadata.name, subresource), whole(id, draft), context).object,
    patch: (id: ResourceId, name: string, body: unknown, subresource?: string, type: PatchType = 'merge') =>
      registry.patch(target(id, name, subresource), { type, body, force: false } satisfies Patch, context).object,
    delete: (id: ResourceId, name: string, options: DeleteOptions = {}) =>
      registry.delete(target(id, name), options, context),
    exists: (id: ResourceId, name: string) => store.get(id, target(id).namespace, name) !== undefined,
  };
  // What an apiserver makes itself, as far as tests need it.
  test.create('namespaces', { metadata: { name: 'default' } });
  test.create('serviceaccounts', { metadata: { name: 'default' } });
  test.create('priorityclasses.scheduling.k8s.io', {
    metadata: { name: 'system-node-critical' },
    value: 2_000_001_000,
  });
  test.create('services', {
    metadata: { name: 'kubernetes' },
    spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443 }] },
  });
  return test;
}

/** The Status that `run` fails with. */
export function failureOf(run: () => unknown): Status {
  try {
    run();
  } catch (error) {
    if (error instanceof ApiFailure) return error.status;
    throw error;
  }
  throw new Error('it did not fail');
}

export const POD_SPEC = { containers: [{ name: 'c', image: 'i' }] };
