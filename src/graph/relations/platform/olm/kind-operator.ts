/** The operator behind a kind: its objects stay as they are while it is down. */
import { defineRelation } from '../../define.ts';

export const kindOperator = defineRelation(
  {
    id: 'kind-operator',
    rows: [68],
    verb: 'is looked after by',
    sources: ['ClusterServiceVersion.operators.coreos.com'],
    class: 'uses',
    strength: 'soft',
    inverse: true,
  },
  [{ at: 'spec.customresourcedefinitions.owned[]', to: 'CustomResourceDefinition.apiextensions.k8s.io' }],
);
