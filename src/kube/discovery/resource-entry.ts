import type { ApiResource } from '../types.ts';

/** One served resource before `preferred` is known. */
export type ResourceEntry = Omit<ApiResource, 'preferred'>;

/** What one discovery document says. Entries of a group stand in the group's order of preference. */
export interface DiscoveryPart {
  entries: ResourceEntry[];
  failures: { groupVersion: string; reason: string }[];
}

/** Names reach URLs and models, so that only those Kubernetes itself would accept are kept. 253: the longest DNS subdomain. */
const PLURAL = /^[a-z0-9][-a-z0-9]{0,252}$/;
const KIND = /^[A-Za-z0-9][-A-Za-z0-9]{0,252}$/;
const VERSION = /^[a-z0-9][-a-z0-9]{0,62}$/;
const GROUP = /^[a-z0-9][-.a-z0-9]{0,252}$/;
const WORD = /^[A-Za-z0-9][-.A-Za-z0-9]{0,62}$/;

export function isGroupVersion(group: string, version: string): boolean {
  return (group === '' || GROUP.test(group)) && VERSION.test(version);
}

export function groupVersionOf({ group, version }: { group: string; version: string }): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The entry with its names checked and its singular filled in, or undefined where it cannot be addressed. */
export function checkedEntry(entry: ResourceEntry): ResourceEntry | undefined {
  if (!PLURAL.test(entry.resource) || !KIND.test(entry.kind)) return undefined;
  return {
    ...entry,
    // Servers before 1.27 leave the singular of built-in kinds empty.
    singular: PLURAL.test(entry.singular) ? entry.singular : entry.kind.toLowerCase(),
    shortNames: entry.shortNames.filter((name) => PLURAL.test(name)),
    categories: entry.categories.filter((name) => WORD.test(name)),
    verbs: entry.verbs.filter((verb) => WORD.test(verb)),
    subresources: entry.subresources.filter((name) => WORD.test(name)),
  };
}

/** Marks, for each resource of a group, the first version that serves it: what kubectl takes when none is named. */
export function withPreferred(entries: readonly ResourceEntry[]): ApiResource[] {
  const served = new Set<string>();
  return entries.map((entry) => {
    const key = `${entry.group}/${entry.resource}`;
    const preferred = !served.has(key);
    served.add(key);
    return { ...entry, preferred };
  });
}
