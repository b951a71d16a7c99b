import { defineRelation } from '../define.ts';

/** Informational: the set makes and keeps its pods without it, and the Service selects those very pods. */
export const statefulSetService = defineRelation(
  {
    id: 'stateful-set-service',
    rows: [],
    verb: 'names its pods by',
    sources: ['StatefulSet.apps'],
    class: 'connects',
    strength: 'informational',
  },
  [{ at: 'spec.serviceName', to: 'Service' }],
);
