/** Credentials of a catalog. */
import { defineRelation } from '../../define.ts';

export const catalogSecret = defineRelation(
  {
    id: 'catalog-secret',
    rows: [68],
    verb: 'is pulled with',
    sources: ['CatalogSource.operators.coreos.com'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.secrets[]', to: 'Secret' }],
);
