import { apiRequest } from '../../kernel/api-request.ts';
import { AppError } from '../../kernel/errors.ts';
import type { CallScope } from '../transport/types.ts';
import type { ApiResource, ListQuery } from '../types.ts';

/** What policy asks of a list that spans namespaces: terms for the server, and a filter that holds whatever it answers. */
export interface Obligations {
  fieldSelector: string | undefined;
  /** Undefined: everything may be shown. */
  mayShow: ((item: { name?: string | undefined; namespace?: string | undefined }) => boolean) | undefined;
}

/** More terms than this are left to the filter, as a URL has a limit. */
const MAX_TERMS = 50;

/** Asks policy about a list and turns its answer into obligations. A list within one namespace has none. */
export function obligationsOf(
  resource: ApiResource,
  { namespace, fieldSelector }: ListQuery,
  scope: CallScope,
): Obligations {
  const isNamespaces = resource.group === '' && resource.resource === 'namespaces';
  if (resource.namespaced ? namespace !== undefined : !isNamespaces) return { fieldSelector, mayShow: undefined };

  const decision = scope.decide(apiRequest('list', resource, { fieldSelector }));
  if (!decision.allow) throw new AppError(decision.code, decision.reason, { remedy: decision.remedy });
  const hidden = new Set(decision.hideNamespaces ?? []);
  const only = decision.onlyNamespaces && new Set(decision.onlyNamespaces);
  if (hidden.size === 0 && only === undefined) return { fieldSelector, mayShow: undefined };

  const mayShow: Obligations['mayShow'] = (item) => {
    const where = isNamespaces ? item.name : item.namespace;
    return where !== undefined && !hidden.has(where) && (only === undefined || only.has(where));
  };
  const field = isNamespaces ? 'metadata.name' : 'metadata.namespace';
  const terms = hidden.size > MAX_TERMS ? [] : [...hidden].sort().map((name) => `${field}!=${name}`);
  const all = [...(fieldSelector ? [fieldSelector] : []), ...terms];
  return { fieldSelector: all.length === 0 ? undefined : all.join(','), mayShow };
}
