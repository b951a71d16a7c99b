import { dict, list, word } from '../../project/read.ts';
import type { Reference, Relation } from '../../types.ts';

/** The order of endpoints changes with every pod that comes or goes: no indexes in the path, or all edges would be new each time. */
export const endpointSlicePod: Relation = {
  id: 'endpoint-slice-pod',
  rows: [5],
  verb: 'lists',
  sources: ['EndpointSlice.discovery.k8s.io'],
  class: 'routes',
  strength: 'hard',
  fields: ['endpoints.targetRef'],
  references(object) {
    const own = word(dict(object.metadata)['namespace']);
    const found: Reference[] = [];
    for (const endpoint of list(object['endpoints'])) {
      const { kind, name, namespace, uid } = dict(dict(endpoint)['targetRef']);
      if (kind !== 'Pod') continue;
      const target = {
        kind: 'Pod',
        namespace: word(namespace) || own,
        name: word(name),
        path: 'endpoints[].targetRef',
      };
      found.push(word(uid) === '' ? { ...target, by: 'name' } : { ...target, by: 'uid', uid: word(uid) });
    }
    return found;
  },
};
