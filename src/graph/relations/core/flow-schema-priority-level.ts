import { defineRelation } from '../define.ts';

export const flowSchemaPriorityLevel = defineRelation(
  {
    id: 'flow-schema-priority-level',
    rows: [79],
    verb: 'queues in',
    sources: ['FlowSchema.flowcontrol.apiserver.k8s.io'],
    class: 'uses',
    strength: 'informational',
  },
  [{ at: 'spec.priorityLevelConfiguration', to: 'PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io' }],
);
