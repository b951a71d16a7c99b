import { defineRelation } from '../define.ts';

export const autoscalerTarget = defineRelation(
  {
    id: 'autoscaler-target',
    rows: [45],
    verb: 'scales',
    sources: ['HorizontalPodAutoscaler.autoscaling'],
    class: 'dependsOn',
    strength: 'soft',
  },
  [{ at: 'spec.scaleTargetRef', to: { kind: '', group: '' } }],
);
