import { apiRequest } from '../../kernel/api-request.ts';
import type { ApiRequest } from '../../kernel/vocabulary.ts';
import type { ApiResource } from '../../kube/types.ts';
import type { PolicyRules } from '../../policy/types.ts';

/** One list of a query: a namespace, or undefined for all of them (or for a cluster-scoped kind). */
export type Scope = string | undefined;

/**
 * The lists that a query over `namespace` (undefined: all) is made of. Where the operator allows some namespaces only,
 * an all-namespaces query is one list for each of them, so that nothing else is ever asked of the server.
 */
export function scopesOf(resource: ApiResource, namespace: string | undefined, policy: PolicyRules): Scope[] {
  if (!resource.namespaced) return [undefined];
  if (namespace !== undefined) return [namespace];
  if (policy.allowedNamespaces === undefined) return [undefined];
  return [...policy.allowedNamespaces].filter((name) => !policy.forbiddenNamespaces.has(name)).sort();
}

/** Names in a note; more would bury the answer. */
const MAX_NAMED = 20;

/** What policy leaves out of a query over all namespaces: said, so that a part never looks like the whole. */
export function coverageNotes(resource: ApiResource, namespace: string | undefined, policy: PolicyRules): string[] {
  const spans = resource.namespaced ? namespace === undefined : resource.group === '' && resource.kind === 'Namespace';
  if (!spans) return [];
  const { allowedNamespaces, forbiddenNamespaces } = policy;
  if (allowedNamespaces === undefined) {
    return forbiddenNamespaces.size === 0 ? [] : ['The namespaces forbidden here are left out.'];
  }
  const names = [...allowedNamespaces].filter((name) => !forbiddenNamespaces.has(name)).sort();
  const rest = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  return [`Only the namespaces allowed here were read: ${names.slice(0, MAX_NAMED).join(', ') || 'none'}${rest}.`];
}

/** The requests of those lists, for policy. */
export function listRequests(
  resource: ApiResource,
  namespace: string | undefined,
  policy: PolicyRules,
  fieldSelector?: string,
): ApiRequest[] {
  return scopesOf(resource, namespace, policy).map((scope) =>
    apiRequest('list', resource, { namespace: scope, fieldSelector }),
  );
}

/** `all`, `*` and the empty text stand for every namespace; absent is the default namespace of the context. */
export function namespaceArgument(namespace: string | undefined, fallback: string): string | undefined {
  if (namespace === undefined) return fallback;
  return namespace === 'all' || namespace === '*' || namespace === '' ? undefined : namespace;
}
