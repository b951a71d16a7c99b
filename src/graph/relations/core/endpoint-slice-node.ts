import { dict, list, word } from '../../project/read.ts';
import type { Relation } from '../../types.ts';

export const endpointSliceNode: Relation = {
  id: 'endpoint-slice-node',
  rows: [6],
  verb: 'has endpoints on',
  sources: ['EndpointSlice.discovery.k8s.io'],
  class: 'hosts',
  strength: 'informational',
  fields: ['endpoints.nodeName'],
  references(object) {
    const nodes = new Set(list(object['endpoints']).map((endpoint) => word(dict(endpoint)['nodeName'])));
    return [...nodes].map((name) => ({ by: 'name', kind: 'Node', namespace: '', name, path: 'endpoints[].nodeName' }));
  },
};
