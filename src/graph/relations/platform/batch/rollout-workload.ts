/** The workload whose template a Rollout uses. */
import { defineRelation } from '../../define.ts';

export const rolloutWorkload = defineRelation(
  {
    id: 'rollout-workload',
    rows: [52],
    verb: 'takes its pods from',
    sources: ['Rollout.argoproj.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.workloadRef', to: { kind: 'Deployment', group: 'apps' } }],
);
