/** Discovery and OpenAPI of what is served, as the server asks for them. */
import type { Documents } from '../server/ports.ts';
import { aggregatedDiscovery, apiGroup, apiGroupList, apiResourceList, apiVersions } from './discovery.ts';
import { openapiV2, openapiV3, openapiV3Index } from './openapi.ts';
import type { Kinds } from './types.ts';

/** Made anew with each call: who serves them keeps them by `kinds.generation`. */
export function createDocuments(kinds: Kinds): Documents {
  return {
    apiVersions,
    groupList: () => apiGroupList(kinds),
    group: (group) => apiGroup(kinds, group),
    resourceList: (group, version) => apiResourceList(kinds, group, version),
    aggregated: (root, form) => aggregatedDiscovery(kinds, root, form),
    openapiV2: () => openapiV2(kinds),
    openapiV3Index: () => openapiV3Index(kinds),
    openapiV3: (path) => openapiV3(kinds, path),
  };
}
