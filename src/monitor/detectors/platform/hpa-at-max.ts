/** An autoscaler that would scale further than it may. */
import type { AutoscalerFacts } from '../../../graph/facts.ts';
import { autoscaler as autoscalerKind } from '../../../graph/project/autoscaler.ts';
import { condition } from '../../../graph/project/conditions.ts';
import { workloadOf } from '../../../graph/project/workloads.ts';
import type { Detector } from '../../types.ts';
import { WARNING } from '../workloads/reading/pods.ts';
import { MINUTE } from '../workloads/reading/times.ts';
import { heldSince, saidBy } from './reading/conditions.ts';
import { leads } from './reading/edges.ts';
import { type Looked, onKind } from './reading/on-kind.ts';
import { WORKLOADS } from './reading/services.ts';

export const hpaAtMax: Detector = onKind(autoscalerKind, {
  id: 'hpa-at-max',
  reads: WORKLOADS,
  look(seen) {
    const { facts } = seen;
    const limited = condition(facts.conditions, 'ScalingLimited');
    if (limited?.status !== 'True' || limited.reason !== 'TooManyReplicas') return undefined;
    if (facts.current < facts.max || facts.max <= facts.min) return undefined;
    return {
      severity: WARNING,
      title: `at its maximum of ${facts.max} replicas and wants more`,
      evidence: [
        saidBy(limited, seen),
        `status.currentReplicas: ${facts.current}, spec.maxReplicas: ${facts.max}`,
        `scales ${facts.target.kind} ${facts.target.name}`,
      ],
      // A peak is what the maximum is for.
      holdMs: 4 * MINUTE,
      ...heldSince(limited),
      // Those that are not ready leave their share of the load to the others: more of them would not help.
      advice: lacksReady(seen)
        ? 'find out why not all of its pods are ready: the load of those falls on the others'
        : 'raise spec.maxReplicas, or find out where the load comes from',
    };
  },
});

function lacksReady({ node, view }: Looked<AutoscalerFacts>): boolean {
  return leads(node.id, view, 'autoscaler-target').some(({ node: target }) => {
    const workload = workloadOf(target);
    return workload !== undefined && workload.ready < workload.desired;
  });
}
