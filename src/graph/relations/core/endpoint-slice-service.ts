import { SERVICE_NAME_LABEL } from '../../project/endpoint-slice.ts';
import { dict, word } from '../../project/read.ts';
import type { Relation } from '../../types.ts';

export const endpointSliceService: Relation = {
  id: 'endpoint-slice-service',
  rows: [4],
  verb: 'lists the endpoints of',
  sources: ['EndpointSlice.discovery.k8s.io'],
  class: 'connects',
  strength: 'ownership',
  fields: [],
  references(object) {
    const metadata = dict(object.metadata);
    const name = word(dict(metadata['labels'])[SERVICE_NAME_LABEL]);
    const namespace = word(metadata['namespace']);
    return [{ by: 'name', kind: 'Service', namespace, name, path: `metadata.labels[${SERVICE_NAME_LABEL}]` }];
  },
};
