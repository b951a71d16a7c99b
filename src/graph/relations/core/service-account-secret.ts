import { defineRelation } from '../define.ts';

export const serviceAccountSecret = defineRelation(
  {
    id: 'service-account-secret',
    rows: [34],
    verb: 'holds',
    sources: ['ServiceAccount'],
    class: 'uses',
    strength: 'soft',
  },
  [{ at: 'secrets[]', to: 'Secret' }],
);
