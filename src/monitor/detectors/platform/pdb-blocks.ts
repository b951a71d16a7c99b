/** A disruption budget that lets no pod go, however well all of them are: no node of theirs can be drained. */
import type { BudgetFacts } from '../../../graph/facts.ts';
import { budget as budgetKind } from '../../../graph/project/budget.ts';
import { condition } from '../../../graph/project/conditions.ts';
import type { Detector } from '../../types.ts';
import { WARNING } from '../workloads/reading/pods.ts';
import { count, MINUTE, short } from '../workloads/reading/times.ts';
import { saidBy } from './reading/conditions.ts';
import { onKind } from './reading/on-kind.ts';

export const pdbBlocks: Detector = onKind(budgetKind, {
  id: 'pdb-blocks',
  look(seen) {
    const { facts } = seen;
    const allowed = condition(facts.conditions, 'DisruptionAllowed');
    const since = allowed?.status === 'False' && allowed.since > 0 ? { since: allowed.since } : {};
    if (allowed?.status === 'False' && allowed.reason === 'SyncFailed')
      return {
        severity: WARNING,
        title: `cannot be worked out, so no pod may be evicted: ${short(allowed.message)}`,
        evidence: [saidBy(allowed, seen)],
        holdMs: 2 * MINUTE,
        ...since,
      };
    // Where too few pods are well it is they that are the trouble.
    if (facts.disruptionsAllowed > 0 || facts.expectedPods === 0 || facts.desiredHealthy < facts.expectedPods)
      return undefined;
    return {
      severity: WARNING,
      title: `allows no disruption: it asks for ${facts.desiredHealthy} of ${count(facts.expectedPods, 'pod')}`,
      evidence: [
        `${asked(facts)}, status.expectedPods: ${facts.expectedPods}, desiredHealthy: ${facts.desiredHealthy}`,
        'status.disruptionsAllowed: 0, evictions are refused: nodes of its pods cannot be drained',
      ],
      holdMs: 2 * MINUTE,
      ...since,
      advice: 'leave room for one pod: lower minAvailable, set maxUnavailable to 1, or run one pod more',
    };
  },
});

const asked = ({ minAvailable, maxUnavailable }: BudgetFacts) =>
  maxUnavailable === '' ? `spec.minAvailable: ${minAvailable}` : `spec.maxUnavailable: ${maxUnavailable}`;
