/** The gateways whose requests a VirtualService routes; `mesh` is the inside of the mesh. */
import type { Reference, Relation } from '../../../types.ts';
import { fieldsOf, nameReference, namespaceOf } from '../../define.ts';
import { fieldPath, textOf } from '../../field-path.ts';

const GATEWAYS = fieldPath('spec.gateways[]');

export const virtualServiceGateway: Relation = {
  id: 'virtual-service-gateway',
  rows: [66],
  verb: 'is attached to',
  sources: ['VirtualService.networking.istio.io'],
  class: 'routes',
  strength: 'hard',
  fields: fieldsOf([GATEWAYS]),
  references(object) {
    const found: Reference[] = [];
    GATEWAYS.each(object, (value, path) => {
      const said = textOf(value);
      if (said === 'mesh') return;
      const slash = said.indexOf('/');
      const namespace = slash < 0 ? namespaceOf(object) : said.slice(0, slash);
      const name = said.slice(slash + 1);
      const reference = nameReference('Gateway.networking.istio.io', namespace, name, path);
      if (reference !== undefined) found.push(reference);
    });
    return found;
  },
};
