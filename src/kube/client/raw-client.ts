import type { CallScope, Transport, TransportRequest } from '../transport/types.ts';
import type { ApiResource, KubeClient, ListQuery } from '../types.ts';
import { asJsonObject, asList, asMetadataList, asObject, explainExpired } from './answers.ts';
import { readLogs } from './logs.ts';
import { obligationsOf } from './obligations.ts';
import { nonResourcePath, objectPath, resourcePath } from './paths.ts';
import { listParameters, withQuery } from './query.ts';
import { asTable, TABLE_ACCEPT } from './table.ts';
import { createRequest, deleteRequest, patchRequest, type Sent, updateRequest } from './writes.ts';

const METADATA_ACCEPT = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';

/**
 * The client without redaction: its answers hold secrets. For what must compare with or write back the live object
 * (resolving redaction markers); everything else uses `createKubeClient`.
 */
export function createRawClient(transport: Transport, scope: CallScope): KubeClient {
  const request = (sent: Sent, signal: AbortSignal): Promise<unknown> => transport.json({ ...sent, scope, signal });
  const get = (path: string, accept: string, signal: AbortSignal) =>
    request({ method: 'GET', path, headers: { accept } } satisfies Partial<TransportRequest>, signal);

  const listed = async (resource: ApiResource, query: ListQuery, accept: string, signal: AbortSignal) => {
    const obligations = obligationsOf(resource, query, scope);
    const parameters = listParameters(query, obligations.fieldSelector);
    const shape = accept === TABLE_ACCEPT ? { includeObject: 'Metadata' } : {};
    const path = withQuery(resourcePath(resource, { namespace: query.namespace }), { ...parameters, ...shape });
    try {
      return { answer: await get(path, accept, signal), obligations };
    } catch (thrown) {
      throw explainExpired(thrown, query);
    }
  };

  return {
    async get(resource, name, { namespace, subresource, signal }) {
      const path = objectPath(resource, name, { namespace, subresource });
      return asObject(await get(path, 'application/json', signal), `get of ${resource.resource}`);
    },
    async list(resource, query, signal) {
      const { answer, obligations } = await listed(resource, query, 'application/json', signal);
      return asList(answer, resource, obligations);
    },
    async listMetadata(resource, query, signal) {
      const { answer, obligations } = await listed(resource, query, METADATA_ACCEPT, signal);
      return asMetadataList(answer, resource, obligations);
    },
    async table(resource, query, signal) {
      const { answer, obligations } = await listed(resource, query, TABLE_ACCEPT, signal);
      return asTable(answer, resource, obligations, Date.now());
    },
    async create(resource, object, options) {
      const sent = createRequest(resource, object, options);
      return asObject(await request(sent, options.signal), `create of ${resource.resource}`);
    },
    async update(resource, object, options) {
      const sent = updateRequest(resource, object, options);
      return asObject(await request(sent, options.signal), `update of ${resource.resource}`);
    },
    async patch(resource, name, body, options) {
      const sent = patchRequest(resource, name, body, options);
      return asObject(await request(sent, options.signal), `patch of ${resource.resource}`);
    },
    async delete(resource, name, options) {
      const sent = deleteRequest(resource, name, options);
      return asObject(await request(sent, options.signal), `delete of ${resource.resource}`);
    },
    logs: (query, signal) => readLogs(transport, scope, query, signal),
    async getPath(path, signal) {
      return asJsonObject(await get(nonResourcePath(path), 'application/json', signal), path);
    },
  };
}
