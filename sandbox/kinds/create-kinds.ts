/** What is served now: the built-in resources, and custom ones as their CRDs come and go. */
import type { ResourceInfo } from '../types.ts';
import { builtinResources } from './builtin-data.ts';
import { resolveSchema } from './resolve.ts';
import type { Kinds, Served } from './types.ts';

const pathOf = (group: string, version: string, name: string) => `${group}/${version}/${name}`;

export function createKinds(): Kinds {
  const byId = new Map<string, ResourceInfo>();
  const byPath = new Map<string, Served>();
  const byKind = new Map<string, Served>();
  const listeners = new Set<() => void>();
  let all: readonly ResourceInfo[] | undefined;
  let generation = 1;

  function add(resource: ResourceInfo): void {
    byId.set(resource.id, resource);
    for (const version of resource.versions) {
      const served: Served = { resource, version };
      byPath.set(pathOf(resource.group, version.version, resource.plural), served);
      byKind.set(pathOf(resource.group, version.version, resource.kind), served);
    }
  }

  function remove({ id, group, plural, kind, versions }: ResourceInfo): void {
    byId.delete(id);
    for (const { version } of versions) {
      byPath.delete(pathOf(group, version, plural));
      byKind.delete(pathOf(group, version, kind));
    }
  }

  function changed(): void {
    all = undefined;
    generation++;
    for (const listener of [...listeners]) listener();
  }

  for (const resource of builtinResources()) add(resource);

  return {
    byPath: (group, version, plural) => byPath.get(pathOf(group, version, plural)),
    byKind: (group, version, kind) => byKind.get(pathOf(group, version, kind)),
    byId: (id) => byId.get(id),
    all: () => {
      all ??= [...byId.values()];
      return all;
    },
    resolve: resolveSchema,
    get generation() {
      return generation;
    },
    addCustom(resource) {
      const known = byId.get(resource.id);
      if (known?.origin === 'builtin')
        throw new Error(`${resource.id} is built in: no custom resource takes its place`);
      if (known !== undefined) remove(known);
      add(resource);
      changed();
    },
    removeCustom(id) {
      const known = byId.get(id);
      if (known?.origin !== 'custom') return;
      remove(known);
      changed();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
