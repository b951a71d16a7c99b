/** RBAC: the rules that a caller has, from the bindings and roles in the store as they are now. */
import type { Store } from '../store/types.ts';
import type { Caller, KubeObject, ResourceId } from '../types.ts';

export interface PolicyRule {
  verbs?: readonly string[];
  apiGroups?: readonly string[];
  resources?: readonly string[];
  resourceNames?: readonly string[];
  nonResourceURLs?: readonly string[];
}

/** What is asked for: a resource, or a path that is none. */
export type Attributes =
  | {
      kind: 'resource';
      verb: string;
      group: string;
      /** Plural. */
      resource: string;
      /** '' when there is none. */
      subresource: string;
      /** '' for cluster scope and for all namespaces. */
      namespace: string;
      /** '' for a collection. */
      name: string;
    }
  | { kind: 'path'; verb: string; path: string };

export interface Decision {
  allowed: boolean;
  /** Why; on a refusal only when something is wrong with the rules themselves. */
  reason?: string;
}

export interface Authorizer {
  authorize(caller: Caller, attributes: Attributes): Decision;
  /** All rules of a caller in a namespace, those for the whole cluster first. */
  rulesFor(caller: Caller, namespace: string): { rules: readonly PolicyRule[]; problems: readonly string[] };
}

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

interface Binding extends KubeObject {
  roleRef: { kind: string; name: string };
  subjects?: readonly Subject[];
}

type Grant = { kind: 'rules'; rules: readonly PolicyRule[]; why: string } | { kind: 'problem'; problem: string };

export function createAuthorizer(store: Pick<Store, 'get' | 'list'>): Authorizer {
  const bindings = (resource: ResourceId, namespace?: string) =>
    store.list(resource, namespace).map(({ body }) => body.object() as Binding);

  function rulesOfRole({ roleRef, metadata }: Binding): readonly PolicyRule[] | string {
    const [plural, namespace] = roleRef.kind === 'ClusterRole' ? ['clusterroles', ''] : ['roles', metadata.namespace];
    const role = store.get(`${plural}.rbac.authorization.k8s.io`, namespace ?? '', roleRef.name);
    if (role === undefined) return `${plural.slice(0, -1)}.rbac.authorization.k8s.io "${roleRef.name}" not found`;
    return (role.body.object()['rules'] ?? []) as readonly PolicyRule[];
  }

  function* grants(caller: Caller, namespace: string): Generator<Grant> {
    const all = [
      ...bindings('clusterrolebindings.rbac.authorization.k8s.io'),
      ...(namespace === '' ? [] : bindings('rolebindings.rbac.authorization.k8s.io', namespace)),
    ];
    for (const binding of all) {
      const subject = binding.subjects?.find((each) => isOf(caller, each, binding.metadata.namespace));
      if (subject === undefined) continue;
      const rules = rulesOfRole(binding);
      if (typeof rules === 'string') yield { kind: 'problem', problem: rules };
      else yield { kind: 'rules', rules, why: allowedBy(binding, subject) };
    }
  }

  return {
    authorize(caller, attributes) {
      // As the real server, which asks nobody about this group.
      if (caller.groups.includes('system:masters')) return { allowed: true };
      const problems: string[] = [];
      for (const grant of grants(caller, attributes.kind === 'resource' ? attributes.namespace : '')) {
        if (grant.kind === 'problem') problems.push(grant.problem);
        else if (grant.rules.some((rule) => allows(rule, attributes))) return { allowed: true, reason: grant.why };
      }
      if (problems.length === 0) return { allowed: false };
      return { allowed: false, reason: `RBAC: ${problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`}` };
    },
    rulesFor(caller, namespace) {
      const all = [...grants(caller, namespace)];
      return {
        rules: all.flatMap((grant) => (grant.kind === 'rules' ? grant.rules : [])),
        problems: all.flatMap((grant) => (grant.kind === 'problem' ? [grant.problem] : [])),
      };
    },
  };
}

function isOf({ user, groups }: Caller, { kind, name, namespace }: Subject, ofBinding: string | undefined): boolean {
  switch (kind) {
    case 'User':
      return user === name;
    case 'Group':
      return groups.includes(name);
    case 'ServiceAccount':
      return user === `system:serviceaccount:${namespace ?? ofBinding ?? ''}:${name}`;
    default:
      return false;
  }
}

function allowedBy({ kind, metadata, roleRef }: Binding, subject: Subject): string {
  const binding = metadata.namespace === undefined ? metadata.name : `${metadata.name}/${metadata.namespace}`;
  const who = subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace ?? ''}` : subject.name;
  return `RBAC: allowed by ${kind} "${binding}" of ${roleRef.kind} "${roleRef.name}" to ${subject.kind} "${who}"`;
}

const has = (list: readonly string[] | undefined, value: string) =>
  list !== undefined && (list.includes(value) || list.includes('*'));

export function allows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!has(rule.verbs, attributes.verb)) return false;
  if (attributes.kind === 'path') return rule.nonResourceURLs?.some((url) => fits(url, attributes.path)) ?? false;
  const { group, resource, subresource, name } = attributes;
  const names = rule.resourceNames ?? [];
  return (
    has(rule.apiGroups, group) &&
    (has(rule.resources, subresource === '' ? resource : `${resource}/${subresource}`) ||
      (subresource !== '' && (rule.resources?.includes(`*/${subresource}`) ?? false))) &&
    (names.length === 0 || names.includes(name))
  );
}

function fits(url: string, path: string): boolean {
  return url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1)));
}
