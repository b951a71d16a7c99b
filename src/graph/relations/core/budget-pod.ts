import { defineRelation } from '../define.ts';

export const budgetPod = defineRelation(
  {
    id: 'budget-pod',
    rows: [48],
    verb: 'protects',
    sources: ['PodDisruptionBudget.policy'],
    class: 'connects',
    strength: 'informational',
  },
  [{ at: 'spec.selector', select: 'Pod', form: 'selector', within: 'own' }],
);
