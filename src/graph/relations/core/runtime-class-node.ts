import { defineRelation } from '../define.ts';

export const runtimeClassNode = defineRelation(
  {
    id: 'runtime-class-node',
    rows: [37],
    verb: 'needs one of',
    sources: ['RuntimeClass.node.k8s.io'],
    class: 'hosts',
    strength: 'soft',
  },
  [{ at: 'scheduling.nodeSelector', select: 'Node', form: 'labels', within: 'any' }],
);
