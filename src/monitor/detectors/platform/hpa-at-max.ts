/** An autoscaler that would scale further than it may. */
import { autoscaler as autoscalerKind } from '../../../graph/project/autoscaler.ts';
import { condition } from '../../../graph/project/conditions.ts';
import type { Detector } from '../../types.ts';
import { WARNING } from '../workloads/reading/pods.ts';
import { MINUTE } from '../workloads/reading/times.ts';
import { heldSince, saidBy } from './reading/conditions.ts';
import { onKind } from './reading/on-kind.ts';

export const hpaAtMax: Detector = onKind(autoscalerKind, {
  id: 'hpa-at-max',
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
      advice: 'raise spec.maxReplicas, or find out where the load comes from',
    };
  },
});
