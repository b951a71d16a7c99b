/** Where a VirtualService sends requests. */
import type { Reference, Relation } from '../../../types.ts';
import { fieldsOf, namespaceOf } from '../../define.ts';
import { isRecord, textOf } from '../../field-path.ts';
import { DESTINATIONS, MIRRORS } from './destinations.ts';
import { hostReference } from './istio-host.ts';

export const virtualServiceDestination: Relation = {
  id: 'virtual-service-destination',
  rows: [66, 74],
  verb: 'sends requests to',
  sources: ['VirtualService.networking.istio.io'],
  class: 'routes',
  strength: 'hard',
  fields: fieldsOf([...DESTINATIONS, ...MIRRORS]),
  references(object) {
    const found: Reference[] = [];
    for (const path of [...DESTINATIONS, ...MIRRORS]) {
      path.each(object, (value, where) => {
        const host = isRecord(value) ? textOf(value['host']) : '';
        const reference = hostReference(host, namespaceOf(object), `${where}.host`);
        if (reference === undefined) return;
        found.push(MIRRORS.includes(path) ? { ...reference, strength: 'soft' } : reference);
      });
    }
    return found;
  },
};
