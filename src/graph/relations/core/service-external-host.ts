import { dict, word } from '../../project/read.ts';
import type { Reference, Relation } from '../../types.ts';

/** `orders.shop.svc`, `orders.shop.svc.cluster.local`: another Service. */
const SERVICE_HOST = /^([a-z0-9-]{1,63})\.([a-z0-9-]{1,63})\.svc(?:\.[a-z0-9.-]{1,200})?$/;

export const serviceExternalHost: Relation = {
  id: 'service-external-host',
  rows: [7],
  verb: 'is another name of',
  sources: ['Service'],
  class: 'connects',
  strength: 'hard',
  fields: ['spec.type', 'spec.externalName'],
  references(object) {
    const spec = dict(object['spec']);
    const host = word(spec['externalName']).toLowerCase().replace(/\.$/, '');
    if (spec['type'] !== 'ExternalName' || host === '') return [];
    return [referenceOf(host)];
  },
};

function referenceOf(host: string): Reference {
  const path = 'spec.externalName';
  const [, name = '', namespace = ''] = SERVICE_HOST.exec(host) ?? [];
  if (name !== '') return { by: 'name', kind: 'Service', namespace, name, path };
  return { by: 'name', kind: '~Host', namespace: '', name: host, path };
}
