/** Whether rights hold others: what keeps people from giving away more than they have. */
import type { PolicyRule } from './rbac.ts';

/** The rules, each down to one verb of one thing, that none of `owned` covers. */
export function uncovered(owned: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.flatMap(atoms).filter((atom) => !owned.some((rule) => covers(rule, atom)));
}

/** Sorted and one each, verbs of the same resource together: `{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}`. */
export function described(rules: readonly PolicyRule[]): string[] {
  const together = new Map<string, PolicyRule>();
  for (const { verbs = [], ...what } of rules) {
    const key = JSON.stringify(what);
    together.set(key, { ...what, verbs: [...(together.get(key)?.verbs ?? []), ...verbs] });
  }
  return [...new Set([...together.values()].map(text))].sort();
}

/** As Go prints a list of strings with %q. */
export const quoted = (list: readonly string[]): string => `[${list.map((one) => JSON.stringify(one)).join(' ')}]`;

function atoms(rule: PolicyRule): PolicyRule[] {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  // A rule without names is for all of them.
  const names = resourceNames.length === 0 ? [undefined] : resourceNames;
  return [
    ...apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.flatMap((verb) =>
          names.map((name) => ({
            apiGroups: [group],
            resources: [resource],
            ...(name === undefined ? {} : { resourceNames: [name] }),
            verbs: [verb],
          })),
        ),
      ),
    ),
    ...nonResourceURLs.flatMap((url) => verbs.map((verb) => ({ nonResourceURLs: [url], verbs: [verb] }))),
  ];
}

function covers(owner: PolicyRule, atom: PolicyRule): boolean {
  const names = owner.resourceNames ?? [];
  return (
    hasAll(owner.verbs, atom.verbs) &&
    hasAll(owner.apiGroups, atom.apiGroups) &&
    (atom.resources ?? []).every((resource) => coversResource(owner.resources ?? [], resource)) &&
    (names.length === 0 || ((atom.resourceNames?.length ?? 0) > 0 && hasEach(names, atom.resourceNames))) &&
    (atom.nonResourceURLs ?? []).every((url) => (owner.nonResourceURLs ?? []).some((own) => coversUrl(own, url)))
  );
}

const hasEach = (set: readonly string[], members: readonly string[] = []) =>
  members.every((member) => set.includes(member));

const hasAll = (set: readonly string[] = [], members: readonly string[] = []) =>
  set.includes('*') || hasEach(set, members);

function coversResource(owned: readonly string[], resource: string): boolean {
  if (owned.includes('*') || owned.includes(resource)) return true;
  const slash = resource.indexOf('/');
  return slash >= 0 && owned.includes(`*${resource.slice(slash)}`);
}

function coversUrl(owned: string, url: string): boolean {
  return owned === url || (owned.endsWith('*') && url.startsWith(owned.replace(/\*+$/, '')));
}

function text({ apiGroups = [], resources = [], nonResourceURLs = [], resourceNames = [], verbs = [] }: PolicyRule) {
  const parts = [
    ['APIGroups', apiGroups],
    ['Resources', resources],
    ['NonResourceURLs', nonResourceURLs],
    ['ResourceNames', resourceNames],
    ['Verbs', verbs],
  ] as const;
  const shown = parts.filter(([, list]) => list.length > 0).map(([name, list]) => `${name}:${quoted(list)}`);
  return `{${shown.join(', ')}}`;
}
