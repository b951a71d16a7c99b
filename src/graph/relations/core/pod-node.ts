import { defineRelation } from '../define.ts';

export const podNode = defineRelation(
  { id: 'pod-node', rows: [19], verb: 'runs on', sources: ['Pod'], class: 'hosts', strength: 'hard' },
  [{ at: 'spec.nodeName', to: 'Node' }],
);
