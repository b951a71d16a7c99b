/** Subsets that routes lead to. */
import type { Reference, Relation } from '../../../types.ts';
import { fieldsOf, nameReference, namespaceOf } from '../../define.ts';
import { isRecord, textOf } from '../../field-path.ts';
import { DESTINATIONS } from './destinations.ts';
import { subsetName } from './subset-name.ts';

export const virtualServiceSubset: Relation = {
  id: 'virtual-service-subset',
  rows: [66],
  verb: 'sends requests to',
  sources: ['VirtualService.networking.istio.io'],
  class: 'routes',
  strength: 'hard',
  fields: fieldsOf(DESTINATIONS),
  references(object) {
    const found: Reference[] = [];
    for (const path of DESTINATIONS) {
      path.each(object, (value, where) => {
        if (!isRecord(value)) return;
        const name = subsetName(textOf(value['host']), namespaceOf(object), textOf(value['subset']));
        const reference = nameReference('~Subset', '', name, `${where}.subset`);
        if (reference !== undefined) found.push(reference);
      });
    }
    return found;
  },
};
