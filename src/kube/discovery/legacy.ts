import { abortReason, createLimiter } from '../../kernel/async.ts';
import { toAppError } from '../../kernel/errors.ts';
import { list, type RawRecord, record, text, texts } from '../raw-json.ts';
import {
  checkedEntry,
  type DiscoveryPart,
  groupVersionOf,
  isGroupVersion,
  type ResourceEntry,
} from './resource-entry.ts';

interface GroupVersion {
  group: string;
  version: string;
}

/** Requests at once: enough to be quick, few enough for a small API server. */
const CONCURRENCY = 8;

/** The group versions of an `APIVersions` (core) or `APIGroupList` document, the preferred one of each group first. */
export function readGroupVersions(document: RawRecord): GroupVersion[] {
  const core = texts(document['versions']).map((version) => ({ group: '', version }));
  const named = list(document['groups'])
    .map(record)
    .flatMap((group) => {
      const preferred = text(record(group['preferredVersion'])['version']);
      const versions = list(group['versions']).map((version) => text(record(version)['version']));
      const ordered = [preferred, ...versions.filter((version) => version !== preferred)];
      return ordered
        .filter((version) => versions.includes(version))
        .map((version) => ({ group: text(group['name']), version }));
    });
  return [...core, ...named].filter(({ group, version }) => isGroupVersion(group, version));
}

/** Reads each group version's own document. One that fails is reported, not fatal, unless the call itself was aborted. */
export async function readLegacy(
  groupVersions: readonly GroupVersion[],
  get: (path: string) => Promise<RawRecord>,
  signal: AbortSignal,
): Promise<DiscoveryPart> {
  const limited = createLimiter(CONCURRENCY, Number.POSITIVE_INFINITY);
  const parts = await Promise.all(
    groupVersions.map((groupVersion) => limited(signal, () => readOne(groupVersion, get, signal))),
  );
  return { entries: parts.flatMap((part) => part.entries), failures: parts.flatMap((part) => part.failures) };
}

async function readOne(
  groupVersion: GroupVersion,
  get: (path: string) => Promise<RawRecord>,
  signal: AbortSignal,
): Promise<DiscoveryPart> {
  const name = groupVersionOf(groupVersion);
  try {
    return readResourceList(groupVersion, await get(`${groupVersion.group === '' ? '/api' : '/apis'}/${name}`));
  } catch (thrown) {
    if (signal.aborted) throw abortReason(signal);
    return { entries: [], failures: [{ groupVersion: name, reason: toAppError(thrown).message }] };
  }
}

/** Reads an `APIResourceList`, where a subresource is an entry of its own named `parent/sub`. */
function readResourceList({ group, version }: GroupVersion, document: RawRecord): DiscoveryPart {
  const part: DiscoveryPart = { entries: [], failures: [] };
  const resources = list(document['resources']).map(record);
  const subresources = Map.groupBy(
    resources.map((resource) => text(resource['name'])).filter((name) => name.includes('/')),
    (name) => name.slice(0, name.indexOf('/')),
  );
  for (const resource of resources) {
    const name = text(resource['name']);
    if (name.includes('/')) continue;
    const subs = (subresources.get(name) ?? []).map((sub) => sub.slice(name.length + 1));
    const entry = checkedEntry(readResource({ group, version }, resource, subs));
    if (entry) part.entries.push(entry);
    else
      part.failures.push({
        groupVersion: groupVersionOf({ group, version }),
        reason: 'an entry with an invalid name was left out',
      });
  }
  return part;
}

function readResource({ group, version }: GroupVersion, resource: RawRecord, subresources: string[]): ResourceEntry {
  return {
    group,
    version,
    kind: text(resource['kind']),
    resource: text(resource['name']),
    singular: text(resource['singularName']),
    shortNames: texts(resource['shortNames']),
    categories: texts(resource['categories']),
    namespaced: resource['namespaced'] === true,
    verbs: texts(resource['verbs']),
    subresources,
  };
}
