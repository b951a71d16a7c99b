import type { Allowed, Refused, ResourceRequest } from '../kernel/vocabulary.ts';
import { isKubelet, isNamespaced } from './scope.ts';
import type { PolicyRules } from './types.ts';

/** Names in a remedy; more would bury the sentence. */
const MAX_NAMED = 20;

/** Where a request over all namespaces may go: one request for all, or one for each of `names`. */
export function namespacesFor(rules: PolicyRules): { kind: 'all' } | { kind: 'only'; names: string[] } {
  if (rules.allowedNamespaces === undefined) return { kind: 'all' };
  const names = [...rules.allowedNamespaces].filter((name) => !rules.forbiddenNamespaces.has(name));
  return { kind: 'only', names: names.sort() };
}

/** The namespace rules' answer to one request. A field selector changes nothing: it narrows an answer, it grants none. */
export function decideNamespaces(
  request: ResourceRequest,
  facts: { rules: PolicyRules; namespaced: boolean | undefined; writes: boolean; filtersAnswers: boolean },
): Allowed | Refused {
  const { rules } = facts;
  if (rules.allowedNamespaces === undefined && rules.forbiddenNamespaces.size === 0) return { allow: true };
  if (request.group === '' && request.resource === 'namespaces') return decideNamespaceObject(request, facts);
  if (request.namespace) return checkName(request.namespace, rules) ?? { allow: true };
  if (isKubelet(request)) return refuseKubelet();
  if (isNamespaced(request, facts.namespaced)) return decideAcross(request, facts);
  if (facts.writes && rules.allowedNamespaces !== undefined) return refuseClusterWrite(request, rules);
  return { allow: true };
}

/** Requests about Namespace objects: each counts as lying in the namespace of its own name. */
function decideNamespaceObject(
  request: ResourceRequest,
  { rules, writes }: { rules: PolicyRules; writes: boolean },
): Allowed | Refused {
  const own = request.name || request.namespace;
  // A server may take the name from either; both are checked.
  const refusal =
    (own ? checkName(own, rules) : undefined) ?? (request.namespace ? checkName(request.namespace, rules) : undefined);
  if (refusal) return refusal;
  if (writes && rules.allowedNamespaces !== undefined) return refuseClusterWrite(request, rules);
  if (request.verb === 'deletecollection') return refuseSpanningDelete(request, rules);
  if (request.verb === 'list' || request.verb === 'watch') return allowFiltered(rules);
  // The name of one that is created may stand in its body, which the guard reads; all other verbs have it in the path.
  return own || request.verb === 'create' ? { allow: true } : refuseNameless(request);
}

function refuseNameless({ resource }: ResourceRequest): Refused {
  return {
    allow: false,
    code: 'namespace_denied',
    reason: `The request is for one of the ${resource}, and names none.`,
    remedy: 'Give its name.',
  };
}

function allowFiltered(rules: PolicyRules): Allowed {
  const where = namespacesFor(rules);
  return {
    allow: true,
    ...(where.kind === 'only' ? { onlyNamespaces: where.names } : {}),
    ...(rules.forbiddenNamespaces.size > 0 ? { hideNamespaces: sorted(rules.forbiddenNamespaces) } : {}),
  };
}

/** Requests over all namespaces. */
function decideAcross(
  request: ResourceRequest,
  { rules, filtersAnswers }: { rules: PolicyRules; filtersAnswers: boolean },
): Allowed | Refused {
  const reads = request.verb === 'list' || request.verb === 'watch';
  if (reads && filtersAnswers) return allowFiltered(rules);
  if (rules.allowedNamespaces !== undefined) {
    return {
      allow: false,
      code: 'namespace_denied',
      reason: `A request for ${request.resource} in all namespaces is not allowed: only some namespaces are.`,
      remedy: `Ask for one namespace at a time: ${nameThem(rules)}.`,
    };
  }
  if (reads) return allowFiltered(rules);
  if (request.verb === 'deletecollection') return refuseSpanningDelete(request, rules);
  return {
    allow: false,
    code: 'namespace_denied',
    reason: `${request.resource} live in namespaces, and the request names none.`,
    remedy: 'Give a namespace.',
  };
}

function checkName(namespace: string, rules: PolicyRules): Refused | undefined {
  if (rules.forbiddenNamespaces.has(namespace)) {
    return {
      allow: false,
      code: 'namespace_denied',
      reason: `The namespace ${shown(namespace)} is forbidden (K8S_FORBIDDEN_NAMESPACES).`,
      remedy: `Use another namespace${rules.allowedNamespaces === undefined ? '' : `: ${nameThem(rules)}`}.`,
    };
  }
  if (rules.allowedNamespaces !== undefined && !rules.allowedNamespaces.has(namespace)) {
    return {
      allow: false,
      code: 'namespace_denied',
      reason: `The namespace ${shown(namespace)} is not one of the allowed ones (K8S_ALLOWED_NAMESPACES).`,
      remedy: `Use an allowed namespace: ${nameThem(rules)}.`,
    };
  }
  return undefined;
}

function refuseKubelet(): Refused {
  return {
    allow: false,
    code: 'namespace_denied',
    reason: 'The proxy of a node reaches pods of every namespace, and only some namespaces are for use here.',
    remedy: 'Ask about the pods themselves: their logs, or exec, in a namespace that may be used.',
  };
}

function refuseClusterWrite(request: ResourceRequest, rules: PolicyRules): Refused {
  return {
    allow: false,
    code: 'namespace_denied',
    reason: `${request.resource} are cluster-scoped, and with K8S_ALLOWED_NAMESPACES only namespaced objects may be changed.`,
    remedy: `Change objects in an allowed namespace (${nameThem(rules)}), or ask the operator.`,
  };
}

function refuseSpanningDelete(request: ResourceRequest, rules: PolicyRules): Refused {
  return {
    allow: false,
    code: 'namespace_denied',
    reason: `Deleting ${request.resource} across namespaces could reach forbidden ones (${sorted(rules.forbiddenNamespaces).slice(0, MAX_NAMED).join(', ')}).`,
    remedy: 'Delete within one namespace at a time, or by name.',
  };
}

function nameThem(rules: PolicyRules): string {
  const where = namespacesFor(rules);
  if (where.kind === 'all') return 'any that is not forbidden';
  if (where.names.length === 0) return 'none is usable, because every allowed one is also forbidden';
  const rest = where.names.length - MAX_NAMED;
  return where.names.slice(0, MAX_NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function sorted(names: ReadonlySet<string>): string[] {
  return [...names].sort();
}

/** A name as a caller gave it may be anything: quoted and bounded. */
function shown(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
