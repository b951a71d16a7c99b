/** The group that says which namespaces an operator looks after. */
import type { Relation } from '../../../types.ts';
import { nameReference } from '../../define.ts';
import { textOf } from '../../field-path.ts';

export const operatorGroup: Relation = {
  id: 'operator-group',
  rows: [68],
  verb: 'is placed by',
  sources: ['ClusterServiceVersion.operators.coreos.com'],
  class: 'dependsOn',
  strength: 'hard',
  fields: [],
  references(object) {
    const annotations = object.metadata?.annotations;
    const found = nameReference(
      'OperatorGroup.operators.coreos.com',
      textOf(annotations?.['olm.operatorNamespace']),
      textOf(annotations?.['olm.operatorGroup']),
      'metadata.annotations[olm.operatorGroup]',
    );
    return found === undefined ? [] : [found];
  },
};
