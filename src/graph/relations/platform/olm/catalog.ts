/** The catalog that an operator comes from. */
import type { Relation } from '../../../types.ts';
import { nameReference } from '../../define.ts';
import { isRecord, textOf } from '../../field-path.ts';

export const catalog: Relation = {
  id: 'catalog',
  rows: [68],
  verb: 'comes from',
  sources: ['Subscription.operators.coreos.com'],
  class: 'dependsOn',
  strength: 'soft',
  fields: ['spec.source', 'spec.sourceNamespace'],
  references(object) {
    const spec = object['spec'];
    if (!isRecord(spec)) return [];
    const kind = 'CatalogSource.operators.coreos.com';
    const found = nameReference(kind, textOf(spec['sourceNamespace']), textOf(spec['source']), 'spec.source');
    return found === undefined ? [] : [found];
  },
};
