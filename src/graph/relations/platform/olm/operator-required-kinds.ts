/** Kinds that an operator cannot do without. */
import { defineRelation } from '../../define.ts';

export const operatorRequiredKinds = defineRelation(
  {
    id: 'operator-required-kinds',
    rows: [68],
    verb: 'needs',
    sources: ['ClusterServiceVersion.operators.coreos.com'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.customresourcedefinitions.required[]', to: 'CustomResourceDefinition.apiextensions.k8s.io' }],
);
