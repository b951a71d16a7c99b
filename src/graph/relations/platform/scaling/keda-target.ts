/** What KEDA scales. Its autoscaler is owned by the ScaledObject. */
import { defineRelation } from '../../define.ts';

export const kedaTarget = defineRelation(
  {
    id: 'keda-target',
    rows: [47],
    verb: 'scales',
    sources: ['ScaledObject.keda.sh'],
    class: 'uses',
    strength: 'soft',
  },
  [{ at: 'spec.scaleTargetRef', to: { kind: 'Deployment', group: 'apps' } }],
);
