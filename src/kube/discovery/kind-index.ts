import type { ApiResource, DiscoverySnapshot } from '../types.ts';
import { fits, type KindQuery } from './kind-query.ts';

/** A snapshot with its names filed, for quick resolution. */
export interface KindIndex {
  snapshot: DiscoverySnapshot;
  /** Plural, singular and kind, lower case. */
  exact: ReadonlyMap<string, readonly ApiResource[]>;
  short: ReadonlyMap<string, readonly ApiResource[]>;
}

/**
 * Resources that two groups serve, where one of them is what people mean: `over` wins when both are served.
 * The first block is the same object under two groups, from Kubernetes' own moves between groups and OpenShift's proxies;
 * the last is metrics, whose plurals repeat the core's but whose kinds (PodMetrics, NodeMetrics) are free.
 */
const OVERSHADOWED: readonly { group: string; resources: readonly string[]; over: string }[] = [
  { group: 'events.k8s.io', resources: ['events'], over: '' },
  { group: 'extensions', resources: ['ingresses', 'networkpolicies'], over: 'networking.k8s.io' },
  { group: 'extensions', resources: ['deployments', 'daemonsets', 'replicasets'], over: 'apps' },
  { group: 'extensions', resources: ['podsecuritypolicies'], over: 'policy' },
  {
    group: 'authorization.openshift.io',
    resources: ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
    over: 'rbac.authorization.k8s.io',
  },
  { group: 'metrics.k8s.io', resources: ['pods', 'nodes'], over: '' },
];

export function buildKindIndex(snapshot: DiscoverySnapshot): KindIndex {
  const exact = new Map<string, ApiResource[]>();
  const short = new Map<string, ApiResource[]>();
  for (const resource of snapshot.resources) {
    const names = new Set([resource.resource, resource.singular.toLowerCase(), resource.kind.toLowerCase()]);
    for (const name of names) file(exact, name, resource);
    for (const name of resource.shortNames) file(short, name.toLowerCase(), resource);
  }
  return { snapshot, exact, short };
}

function file(index: Map<string, ApiResource[]>, name: string, resource: ApiResource): void {
  const filed = index.get(name);
  if (filed) filed.push(resource);
  else index.set(name, [resource]);
}

/** The resources a query may mean: none, the one, or the rivals of an ambiguity. Full names go before short ones. */
export function match(index: KindIndex, query: KindQuery): ApiResource[] {
  for (const names of [index.exact, index.short]) {
    for (const pattern of query.patterns) {
      const found = (names.get(pattern.name) ?? []).filter((resource) => fits(resource, pattern, query.narrow));
      if (found.length > 0) return settle(found, query.word);
    }
  }
  return [];
}

function settle(found: readonly ApiResource[], word: string): ApiResource[] {
  const groups = new Set(found.map((resource) => resource.group));
  const shown = found.filter((resource) => !isOvershadowed(resource, groups));
  return [...Map.groupBy(shown, (resource) => resource.group).values()].flatMap((ofGroup) => closest(ofGroup, word));
}

function isOvershadowed(resource: ApiResource, groups: ReadonlySet<string>): boolean {
  return OVERSHADOWED.some(
    (rule) => rule.group === resource.group && rule.resources.includes(resource.resource) && groups.has(rule.over),
  );
}

/** Within one group `Foos` is the kind Foos before it is the plural foos, and the plural foos before any other name. */
function closest(ofGroup: readonly ApiResource[], word: string): ApiResource[] {
  const rank = (resource: ApiResource) =>
    resource.kind === word ? 2 : resource.resource === word.toLowerCase() ? 1 : 0;
  const best = Math.max(...ofGroup.map(rank));
  return ofGroup.filter((resource) => rank(resource) === best);
}
