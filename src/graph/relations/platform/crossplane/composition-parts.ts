/** The functions of a composition. */
import { defineRelation } from '../../define.ts';

export const compositionParts = defineRelation(
  {
    id: 'composition-parts',
    rows: [63],
    verb: 'is worked out by',
    sources: ['Composition.apiextensions.crossplane.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.pipeline[].functionRef', to: 'Function.pkg.crossplane.io' }],
);
