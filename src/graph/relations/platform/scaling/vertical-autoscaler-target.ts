/** What a VerticalPodAutoscaler sizes. */
import { defineRelation } from '../../define.ts';

export const verticalAutoscalerTarget = defineRelation(
  {
    id: 'vertical-autoscaler-target',
    rows: [47],
    verb: 'sizes',
    sources: ['VerticalPodAutoscaler.autoscaling.k8s.io'],
    class: 'uses',
    strength: 'soft',
  },
  [{ at: 'spec.targetRef', to: { kind: 'Deployment', group: 'apps' } }],
);
