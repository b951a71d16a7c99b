import { nearest } from '../kernel/nearest.ts';
import { list, type Setting } from './setting.ts';

/** What is wrong with one item, or undefined. */
type Check = (item: string) => string | undefined;

/**
 * A comma list that policy is made of. A list that binds nothing (empty, or with an item that can name nothing) would leave
 * open what its writer meant to close, so it is a mistake and never passed over.
 */
export function policyList(
  names: Pick<Setting<unknown>, 'flag' | 'env' | 'help' | 'shape'>,
  check: Check = () => undefined,
): Setting<readonly string[] | undefined> {
  const plain = list({ ...names, group: 'Policy' });
  return {
    ...plain,
    parse(text) {
      const parsed = plain.parse(text);
      if (!parsed.ok) return parsed;
      if (parsed.value === undefined) return { ok: false, problem: 'names nothing; leave it out for no rule' };
      const problems = parsed.value.map(check).filter((problem) => problem !== undefined);
      return problems.length === 0 ? parsed : { ok: false, problem: problems.join('; ') };
    },
  };
}

/** A DNS label, as the API server demands of a namespace. */
export function namespaceName(item: string): string | undefined {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(item)) return undefined;
  return `${shown(item)} is no name of a namespace (lower-case letters, digits, "-"; no patterns)`;
}

/** All of the core group (v1.36): no custom kind can be added to it. */
const CORE = [
  'bindings',
  'componentstatuses',
  'configmaps',
  'endpoints',
  'events',
  'limitranges',
  'namespaces',
  'nodes',
  'persistentvolumeclaims',
  'persistentvolumes',
  'pods',
  'podtemplates',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'serviceaccounts',
  'services',
];
/** What people name without their group. */
const GROUPED = [
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicasets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'ingresses.networking.k8s.io',
  'networkpolicies.networking.k8s.io',
  'roles.rbac.authorization.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
];
/** `resource.group[/subresource]`, in any case. */
const KIND = /^([a-z0-9][-a-z0-9]*)(\.[a-z0-9][-a-z0-9.]*[a-z0-9])?(\/[a-z]+)?$/i;

/** Plurals, with the group for all but the core group: `secrets`, `pods/log`, `deployments.apps`. */
export function deniedKind(item: string): string | undefined {
  const [, resource = '', group] = KIND.exec(item) ?? [];
  const known = group !== undefined || CORE.includes(resource.toLowerCase());
  if (resource !== '' && known) return undefined;
  const named = item.split('/').find((part) => !/^v\d/.test(part)) ?? item;
  const near = nearest(named, [...CORE, ...GROUPED], 2);
  const hint = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '';
  return `${shown(item)} is not resource.group, and no plural of the core group${hint}`;
}

function shown(item: string): string {
  return JSON.stringify(item.slice(0, 80));
}
