/** Nobody gives rights that they do not have: roles and bindings are checked against the rights of who writes them. */
import { described, quoted, uncovered } from '../../access/covers.ts';
import { type Authorizer, createAuthorizer, type PolicyRule } from '../../access/rbac.ts';
import { type ApiFailure, badRequest, forbidden, notFound } from '../../api/failure.ts';
import type { Store } from '../../store/types.ts';
import type { Caller, KubeObject } from '../../types.ts';
import { plainFailure } from '../failures.ts';
import { type Json, recordAt, recordsAt, sameJson, textAt } from '../json.ts';
import type { Parts } from '../parts.ts';
import { stored } from '../parts.ts';
import type { Attributes, Plugin } from './types.ts';

const GROUP = 'rbac.authorization.k8s.io';
const EVERYTHING: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

const authorizers = new WeakMap<Store, Authorizer>();

function authorizerOf({ store }: Parts): Authorizer {
  const known = authorizers.get(store) ?? createAuthorizer(store);
  authorizers.set(store, known);
  return known;
}

/** The real server does this in the storage of the four kinds: after what changes objects, before they are validated. */
export const escalation: Plugin = {
  mutate(attributes, parts) {
    const { resource, subresource, context, old, object } = attributes;
    if (resource.group !== GROUP || subresource !== '' || context.inside === true) return;
    if (context.caller.groups.includes('system:masters')) return;
    if (old !== undefined && isForCollectorOnly(object, old)) return;
    if (resource.kind.endsWith('Binding')) checkBinding(attributes, parts);
    else checkRole(attributes, parts);
  },
};

/** Whether nothing but what the garbage collector needs is changed. */
function isForCollectorOnly(object: KubeObject, old: KubeObject): boolean {
  const bare = ({ metadata, ...rest }: KubeObject) => {
    const { ownerReferences: _owners, finalizers: _finalizers, managedFields: _managed, ...kept } = metadata;
    return { ...rest, metadata: kept };
  };
  return sameJson(bare(object), bare(old));
}

function checkRole(attributes: Attributes, parts: Parts): void {
  const { resource, namespace, name, object, old, operation } = attributes;
  const authorizer = authorizerOf(parts);
  // The path of a POST has no name.
  const named = { resource: resource.plural, name: operation === 'create' ? '' : name };
  if (mayEscalate(authorizer, attributes.context.caller, 'escalate', namespace, named)) return;
  const refused = refusal(authorizer, attributes, rulesOf(object));
  if (refused !== undefined) throw refused;
  if (!aggregates(object) && !aggregates(old)) return;
  if (refusal(authorizer, attributes, EVERYTHING) === undefined) return;
  throw forbidden(resource, name, 'must have cluster-admin privileges to use the aggregationRule');
}

function checkBinding(attributes: Attributes, parts: Parts): void {
  const { resource, namespace, object, context } = attributes;
  const authorizer = authorizerOf(parts);
  const reference = recordAt(object, 'roleRef');
  const [kind, name] = [textAt(reference, 'kind'), textAt(reference, 'name')];
  const plural = kind === 'ClusterRole' ? 'clusterroles' : kind === 'Role' ? 'roles' : undefined;
  if (plural === undefined) throw plainFailure(`unsupported role reference kind: ${JSON.stringify(kind)}`);
  const named = { resource: plural, name, group: textAt(reference, 'apiGroup') };
  if (mayEscalate(authorizer, context.caller, 'bind', namespace, named)) return;
  const role = stored(parts, `${plural}.${GROUP}`, plural === 'roles' ? namespace : '', name);
  if (name === '') throw badRequest('Name parameter required.');
  // It is the kind of the request that is said not to be there.
  if (role === undefined) throw notFound(resource, name);
  const refused = refusal(authorizer, attributes, rulesOf(role));
  if (refused !== undefined) throw refused;
}

function mayEscalate(
  authorizer: Authorizer,
  caller: Caller,
  verb: 'escalate' | 'bind',
  namespace: string,
  what: { resource: string; name: string; group?: string },
): boolean {
  const attributes = { kind: 'resource', group: GROUP, subresource: '', verb, namespace, ...what } as const;
  return authorizer.authorize(caller, attributes).allowed;
}

function refusal(
  authorizer: Authorizer,
  { resource, namespace, name, context: { caller } }: Attributes,
  wanted: readonly PolicyRule[],
): ApiFailure | undefined {
  const { rules, problems } = authorizer.rulesFor(caller, namespace);
  const missing = uncovered(rules, wanted);
  if (missing.length === 0) return undefined;
  const who = `user ${JSON.stringify(caller.user)} (groups=${quoted(caller.groups)})`;
  const what = described(missing).join('\n');
  const said = problems.map((problem) => problem.replace(/^[a-z]+/, resource.plural));
  const all = said.length === 1 ? said[0] : `[${said.join(', ')}]`;
  const trouble = problems.length === 0 ? '' : `; resolution errors: [${all}]`;
  const why = `${who} is attempting to grant RBAC permissions not currently held:\n${what}${trouble}`;
  return forbidden(resource, name, why);
}

const aggregates = (role: KubeObject | undefined) =>
  recordsAt(role, 'aggregationRule', 'clusterRoleSelectors').length > 0;

function rulesOf(role: KubeObject): PolicyRule[] {
  return recordsAt(role, 'rules').map((rule) => ({
    verbs: texts(rule, 'verbs'),
    apiGroups: texts(rule, 'apiGroups'),
    resources: texts(rule, 'resources'),
    resourceNames: texts(rule, 'resourceNames'),
    nonResourceURLs: texts(rule, 'nonResourceURLs'),
  }));
}

function texts(rule: Json, field: string): string[] {
  const list = rule[field];
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
}
