/** The account and the namespaces of a group of operators. */
import { defineRelation } from '../../define.ts';

export const operatorGroupAccount = defineRelation(
  {
    id: 'operator-group-account',
    rows: [68],
    verb: 'acts as',
    sources: ['OperatorGroup.operators.coreos.com'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [
    { at: 'spec.serviceAccountName', to: 'ServiceAccount' },
    { at: 'spec.targetNamespaces[]', to: 'Namespace', strength: 'soft' },
  ],
);
