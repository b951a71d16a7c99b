/** Discovery documents in the shape and order of the real server: aggregated ones, and the older ones per group and version. */
import { createHash } from 'node:crypto';
import type { ResourceInfo, ServedVersion } from '../types.ts';
import type { Kinds } from './types.ts';
import { compareVersions } from './version-order.ts';

interface InGroup {
  group: string;
  versions: readonly string[];
}

/** Where a group of custom resources stands; of the built-in ones only the metrics API, an add-on, comes after it. */
const AFTER_CUSTOM = new Set(['metrics.k8s.io']);

/** Groups in the order of discovery, each with its versions, the preferred one first; the core group ('') first of all. */
export function servedGroups(kinds: Kinds): InGroup[] {
  const builtin = new Map<string, Set<string>>();
  const custom = new Map<string, Set<string>>();
  for (const { group, versions, origin } of kinds.all()) {
    const groups = origin === 'builtin' || builtin.has(group) ? builtin : custom;
    const known = groups.get(group) ?? new Set();
    groups.set(group, known);
    for (const { version } of versions) known.add(version);
  }
  const late = [...builtin].filter(([group]) => AFTER_CUSTOM.has(group));
  const early = [...builtin].filter(([group]) => !AFTER_CUSTOM.has(group));
  const between = [...custom]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, versions]): [string, Set<string>] => [group, new Set([...versions].sort(compareVersions))]);
  return [...early, ...between, ...late].map(([group, versions]) => ({ group, versions: [...versions] }));
}

const groupVersion = (group: string, version: string) => (group === '' ? version : `${group}/${version}`);

/** `/api`: `serverAddress` is `host:port`. */
export function apiVersions(serverAddress: string): object {
  const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress }];
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs };
}

function describeGroup({ group, versions }: InGroup): object {
  const all = versions.map((version) => ({ groupVersion: groupVersion(group, version), version }));
  return { name: group, versions: all, preferredVersion: all[0] };
}

/** `/apis`. */
export function apiGroupList(kinds: Kinds): object {
  const named = servedGroups(kinds).filter(({ group }) => group !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: named.map(describeGroup) };
}

/** `/apis/<group>`. */
export function apiGroup(kinds: Kinds, group: string): object | undefined {
  const found = servedGroups(kinds).find((each) => each.group === group);
  if (found === undefined || group === '') return undefined;
  return { kind: 'APIGroup', apiVersion: 'v1', ...describeGroup(found) };
}

/** The resources of one group version, sorted as discovery lists them. */
export function resourcesOf(
  kinds: Kinds,
  group: string,
  version: string,
): { resource: ResourceInfo; served: ServedVersion }[] {
  return kinds
    .all()
    .filter((resource) => resource.group === group)
    .flatMap((resource) => {
      const served = resource.versions.find((each) => each.version === version);
      return served === undefined ? [] : [{ resource, served }];
    })
    .sort((a, b) => (a.resource.plural < b.resource.plural ? -1 : 1));
}

/** `/api/v1` and `/apis/<group>/<version>`. */
export function apiResourceList(kinds: Kinds, group: string, version: string): object | undefined {
  const served = servedGroups(kinds).find((each) => each.group === group);
  if (!served?.versions.includes(version)) return undefined;
  const head = { kind: 'APIResourceList', ...(group === '' ? {} : { apiVersion: 'v1' }) };
  const resources = resourcesOf(kinds, group, version).flatMap((each) => legacyEntries(kinds, each));
  return { ...head, groupVersion: groupVersion(group, version), resources };
}

function legacyEntries(
  kinds: Kinds,
  { resource, served }: { resource: ResourceInfo; served: ServedVersion },
): object[] {
  const { plural, singular, namespaced, kind, shortNames, categories } = resource;
  const own = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: served.verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    ...storageHash(kinds, resource, served),
  };
  const subresources = Object.entries(served.subresources).map(([name, subresource]) => {
    const { group, version, kind: subKind } = subresource.kind;
    const elsewhere = group === resource.group && version === served.version ? {} : { group, version };
    const { verbs } = subresource;
    return { name: `${plural}/${name}`, singularName: '', namespaced, ...elsewhere, kind: subKind, verbs };
  });
  return [own, ...subresources];
}

/** What is stored (and so can be watched) tells as what, in a hash. */
function storageHash(kinds: Kinds, resource: ResourceInfo, { verbs }: ServedVersion): { storageVersionHash?: string } {
  if (!verbs.includes('watch')) return {};
  const { group, storageVersion, kind } = (resource.storedAs && kinds.byId(resource.storedAs)) || resource;
  const hash = createHash('sha256').update(`${group}/${storageVersion}/${kind}`).digest();
  return { storageVersionHash: hash.subarray(0, 8).toString('base64') };
}

/** `/api` or `/apis` as one aggregated document. */
export function aggregatedDiscovery(kinds: Kinds, root: 'api' | 'apis', form: 'v2' | 'v2beta1'): object {
  const groups = servedGroups(kinds).filter(({ group }) => (group === '') === (root === 'api'));
  const items = groups.map(({ group, versions }) => ({
    metadata: group === '' ? {} : { name: group },
    versions: versions.map((version) => ({
      version,
      resources: resourcesOf(kinds, group, version).map(aggregatedEntry),
      freshness: 'Current',
    })),
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${form}`, metadata: {}, items };
}

function aggregatedEntry({ resource, served }: { resource: ResourceInfo; served: ServedVersion }): object {
  const { group, plural, singular, namespaced, kind, shortNames, categories, origin } = resource;
  const subresources = Object.entries(served.subresources);
  // Built-in kinds leave out what the place in the document tells.
  const short = (responseKind: { group: string; version: string; kind: string }) =>
    origin === 'builtin' && responseKind.group === group && responseKind.version === served.version
      ? { group: '', version: '', kind: responseKind.kind }
      : responseKind;
  return {
    resource: plural,
    responseKind: short({ group, version: served.version, kind }),
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: served.verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    ...(subresources.length === 0
      ? {}
      : {
          subresources: subresources.map(([subresource, { kind: responseKind, verbs }]) => ({
            subresource,
            responseKind: short(responseKind),
            verbs,
          })),
        }),
  };
}
