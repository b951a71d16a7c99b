/** A disruption budget that protects nothing. */
import { budget as budgetKind } from '../../../graph/project/budget.ts';
import type { Detector } from '../../types.ts';
import { HINT, POD } from '../workloads/reading/pods.ts';
import { HOUR } from '../workloads/reading/times.ts';
import { leads } from './reading/edges.ts';
import { onKind } from './reading/on-kind.ts';

export const pdbUnused: Detector = onKind(budgetKind, {
  id: 'pdb-unused',
  class: 'hygiene',
  reads: [POD],
  look({ node, facts, view }) {
    if (facts.expectedPods > 0 || leads(node.id, view, 'budget-pod').some(({ node: pod }) => pod.state === 'present'))
      return undefined;
    return {
      severity: HINT,
      title: 'its selector matches no pod',
      evidence: ['status.expectedPods: 0'],
      holdMs: HOUR,
    };
  },
});
