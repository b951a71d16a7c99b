import type { ResourceRequest, Verb } from './vocabulary.ts';

interface Target {
  namespace?: string | undefined;
  name?: string | undefined;
  subresource?: string | undefined;
  dryRun?: boolean | undefined;
  apply?: boolean | undefined;
  fieldSelector?: string | undefined;
}

/** The request that a verb on a served resource will be, for policy to decide on. Namespaces of cluster-scoped kinds are dropped. */
export function apiRequest(
  verb: Verb,
  resource: { group: string; version: string; resource: string; namespaced: boolean },
  target: Target = {},
): ResourceRequest {
  const { namespace, name, subresource, dryRun = false, apply, fieldSelector } = target;
  return {
    type: 'resource',
    verb,
    group: resource.group,
    version: resource.version,
    resource: resource.resource,
    dryRun,
    ...(resource.namespaced && namespace !== undefined ? { namespace } : {}),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
    ...(apply === undefined ? {} : { apply }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
}
