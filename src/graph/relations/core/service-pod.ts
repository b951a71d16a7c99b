import { defineRelation } from '../define.ts';

/** Ready-weighted by whoever propagates: one ready pod is enough. */
export const servicePod = defineRelation(
  { id: 'service-pod', rows: [3], verb: 'routes to', sources: ['Service'], class: 'routes', strength: 'hard' },
  [{ at: 'spec.selector', select: 'Pod', form: 'labels', within: 'own' }],
);
