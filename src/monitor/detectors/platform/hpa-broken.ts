/** An autoscaler that does not scale: no target, no metrics, or not allowed to. */
import type { AutoscalerFacts } from '../../../graph/facts.ts';
import { apiService } from '../../../graph/project/api-service.ts';
import { autoscaler as autoscalerKind } from '../../../graph/project/autoscaler.ts';
import { condition, isFalse } from '../../../graph/project/conditions.ts';
import { workloadOf } from '../../../graph/project/workloads.ts';
import type { NodeId } from '../../../graph/types.ts';
import type { Detector, Found } from '../../types.ts';
import { because, WARNING } from '../workloads/reading/pods.ts';
import { MINUTE } from '../workloads/reading/times.ts';
import { heldSince, reasonOf, saidBy } from './reading/conditions.ts';
import { leads, lost } from './reading/edges.ts';
import { type Looked, onKind } from './reading/on-kind.ts';
import { WORKLOADS } from './reading/services.ts';

/** What is measured of the pods themselves. */
const OF_PODS = /^FailedGet(Container)?ResourceMetric$/;

export const hpaBroken: Detector = onKind(autoscalerKind, {
  id: 'hpa-broken',
  reads: [...WORKLOADS, apiService.kind],
  look(seen) {
    const { node, facts, view } = seen;
    const [target] = lost(node.id, view, 'autoscaler-target');
    if (target !== undefined)
      return {
        severity: WARNING,
        title: `its target ${facts.target.kind} ${facts.target.name} does not exist`,
        evidence: [`spec.scaleTargetRef: ${facts.target.kind} ${facts.target.name}`],
        holdMs: 2 * MINUTE,
        cause: target.node.id,
      };
    return unable(seen) ?? inactive(seen);
  },
});

function unable(seen: Looked<AutoscalerFacts>): Found | undefined {
  const able = condition(seen.facts.conditions, 'AbleToScale');
  if (able?.status !== 'False') return undefined;
  return {
    severity: WARNING,
    title: `cannot scale ${nameOf(seen)}: ${reasonOf(able)}`,
    evidence: [saidBy(able, seen)],
    holdMs: 3 * MINUTE,
    ...heldSince(able),
  };
}

function inactive(seen: Looked<AutoscalerFacts>): Found | undefined {
  const { conditions, metrics } = seen.facts;
  const active = condition(conditions, 'ScalingActive');
  // Its target is scaled to zero: switched off on purpose.
  if (active?.status !== 'False' || active.reason === 'ScalingDisabled') return undefined;
  return {
    severity: WARNING,
    title: `has no metrics to scale ${nameOf(seen)} by: ${reasonOf(active)}`,
    evidence: [
      saidBy(active, seen),
      `spec.metrics: ${metrics
        .slice(0, 4)
        .map(({ type, name }) => (name === '' ? type : `${type} ${name}`))
        .join(', ')}`,
    ],
    holdMs: 3 * MINUTE,
    ...heldSince(active),
    ...because(brokenApi(seen) ?? (OF_PODS.test(active.reason) ? unreadyTarget(seen) : undefined)),
  };
}

const nameOf = ({ facts: { target } }: Looked<AutoscalerFacts>) => `${target.kind} ${target.name}`;

/** The API that its metrics come from, where that one says that it does not work. */
function brokenApi({ node, view }: Looked<AutoscalerFacts>): NodeId | undefined {
  return leads(node.id, view, 'autoscaler-metrics-api').find(({ node: api }) =>
    isFalse(apiService.of(api)?.conditions ?? [], 'Available'),
  )?.node.id;
}

/** Pods that are not ready are not measured: where none of its target is, that is what is wrong. */
function unreadyTarget({ node, view }: Looked<AutoscalerFacts>): NodeId | undefined {
  return leads(node.id, view, 'autoscaler-target').find(({ node: target }) => {
    const workload = workloadOf(target);
    return workload !== undefined && workload.specReplicas > 0 && workload.ready === 0;
  })?.node.id;
}
