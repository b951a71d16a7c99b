/** A disruption budget that lets no pod go, however well all of them are: no node of theirs can be drained. Where pods are missing it is a symptom of that. */
import type { BudgetFacts } from '../../../graph/facts.ts';
import { budget as budgetKind } from '../../../graph/project/budget.ts';
import { condition } from '../../../graph/project/conditions.ts';
import { workloadOf } from '../../../graph/project/workloads.ts';
import type { GraphView, NodeId } from '../../../graph/types.ts';
import type { Detector } from '../../types.ts';
import { DEPLOYMENT, REPLICA_SET, STATEFUL_SET, workloadAbove } from '../workloads/reading/owners.ts';
import { MINOR, POD, WARNING } from '../workloads/reading/pods.ts';
import { count, MINUTE, short } from '../workloads/reading/times.ts';
import { saidBy } from './reading/conditions.ts';
import { leads } from './reading/edges.ts';
import { allOf, onKind } from './reading/on-kind.ts';

export const pdbBlocks: Detector = onKind(budgetKind, {
  id: 'pdb-blocks',
  reads: [POD, REPLICA_SET, DEPLOYMENT, STATEFUL_SET],
  affected(changed, view, itself) {
    if (changed.kind !== POD) return itself ? allOf(budgetKind.kind)(changed, view) : [];
    const found: NodeId[] = [];
    view.in(changed.id, (source, { relation }) => {
      if (relation.id === 'budget-pod') found.push(source);
      return undefined;
    });
    return found;
  },
  look(seen) {
    const { node, facts, view } = seen;
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
    const lacking = shortOf(node.id, view);
    if (lacking !== undefined)
      return {
        severity: MINOR,
        title: `allows no disruption while pods of ${lacking.says} are missing`,
        evidence: [
          `${lacking.says}: ${lacking.current} of ${count(lacking.desired, 'pod')} exist`,
          `${asked(facts)}, status.disruptionsAllowed: 0, evictions are refused`,
        ],
        holdMs: 2 * MINUTE,
        ...since,
        cause: lacking.id,
      };
    return {
      severity: WARNING,
      title: `allows no disruption: it asks for ${facts.desiredHealthy} of ${count(facts.expectedPods, 'pod')}`,
      evidence: [
        `${asked(facts)}, status.expectedPods: ${facts.expectedPods}, desiredHealthy: ${facts.desiredHealthy}`,
        'status.disruptionsAllowed: 0, evictions are refused: nodes of its pods cannot be drained',
      ],
      holdMs: 2 * MINUTE,
      ...since,
      advice: `leave room for one pod: ${roomBy(facts)}`,
    };
  },
});

interface Short {
  id: NodeId;
  /** `Deployment storefront`. */
  says: string;
  current: number;
  desired: number;
}

/** A workload of its pods that has fewer than it is to have. */
function shortOf(budget: NodeId, view: GraphView): Short | undefined {
  const seen = new Set<NodeId>();
  for (const { node: pod } of leads(budget, view, 'budget-pod')) {
    const owner = workloadAbove(pod.id, view);
    if (owner === undefined || seen.has(owner.id)) continue;
    seen.add(owner.id);
    const { current, desired } = workloadOf(owner) ?? { current: 0, desired: 0 };
    if (current < desired) return { id: owner.id, says: `${owner.kind.split('.')[0]} ${owner.name}`, current, desired };
  }
  return undefined;
}

/** More pods help only where it is a number that must be there. */
function roomBy({ minAvailable, maxUnavailable, desiredHealthy, expectedPods }: BudgetFacts): string {
  if (maxUnavailable !== '') return 'set maxUnavailable to 1';
  if (minAvailable.endsWith('%')) return 'lower minAvailable, or set maxUnavailable to 1 instead';
  const more = `run ${count(desiredHealthy + 1 - expectedPods, 'pod')} more`;
  return expectedPods === 1 ? more : `lower minAvailable to ${expectedPods - 1}, or ${more}`;
}

const asked = ({ minAvailable, maxUnavailable }: BudgetFacts) =>
  maxUnavailable === '' ? `spec.minAvailable: ${minAvailable}` : `spec.maxUnavailable: ${maxUnavailable}`;
