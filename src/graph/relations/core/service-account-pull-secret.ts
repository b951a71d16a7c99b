import { defineRelation } from '../define.ts';

export const serviceAccountPullSecret = defineRelation(
  {
    id: 'service-account-pull-secret',
    rows: [32],
    verb: 'lends its pods',
    sources: ['ServiceAccount'],
    class: 'uses',
    strength: 'soft',
  },
  [{ at: 'imagePullSecrets[]', to: 'Secret' }],
);
