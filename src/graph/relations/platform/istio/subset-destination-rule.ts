/** The DestinationRule that defines a subset: routes to a subset that none defines fail. */
import type { Reference, Relation } from '../../../types.ts';
import { nameReference, namespaceOf } from '../../define.ts';
import { fieldPath, isRecord, textOf } from '../../field-path.ts';
import { subsetName } from './subset-name.ts';

const SUBSETS = fieldPath('spec.subsets[]');

export const subsetDestinationRule: Relation = {
  id: 'subset-destination-rule',
  rows: [66],
  verb: 'is defined by',
  sources: ['DestinationRule.networking.istio.io'],
  class: 'dependsOn',
  strength: 'hard',
  inverse: true,
  fields: ['spec.host', 'spec.subsets.name'],
  references(object) {
    const spec = object['spec'];
    const host = isRecord(spec) ? textOf(spec['host']) : '';
    const found: Reference[] = [];
    SUBSETS.each(object, (value, path) => {
      const name = isRecord(value) ? subsetName(host, namespaceOf(object), textOf(value['name'])) : '';
      const reference = nameReference('~Subset', '', name, path);
      if (reference !== undefined) found.push(reference);
    });
    return found;
  },
};
