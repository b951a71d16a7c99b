import { defineRelation } from '../define.ts';

export const resourceSliceNode = defineRelation(
  {
    id: 'resource-slice-node',
    rows: [39],
    verb: 'lists devices of',
    sources: ['ResourceSlice.resource.k8s.io'],
    class: 'hosts',
    strength: 'hard',
  },
  [{ at: 'spec.nodeName', to: 'Node' }],
);
