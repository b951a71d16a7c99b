import { dict, word } from '../../project/read.ts';
import type { Relation } from '../../types.ts';

export const ipAddressService: Relation = {
  id: 'ip-address-service',
  rows: [78],
  verb: 'is taken by',
  sources: ['IPAddress.networking.k8s.io'],
  class: 'connects',
  strength: 'informational',
  fields: ['spec.parentRef'],
  references(object) {
    const { group, resource, namespace, name } = dict(dict(object['spec'])['parentRef']);
    if (resource !== 'services' || word(group) !== '') return [];
    const path = 'spec.parentRef.name';
    return [{ by: 'name', kind: 'Service', namespace: word(namespace), name: word(name), path }];
  },
};
