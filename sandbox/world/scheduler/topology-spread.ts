/** `topologySpreadConstraints` with `DoNotSchedule`. */

import { selects } from '../controllers/kit/selector.ts';
import type { Pod, TopologySpreadConstraint } from '../kubelet/pod-types.ts';
import type { NodeState } from './cluster.ts';
import type { Refusal, Request } from './filters.ts';
import { nodeAccepted, untolerated } from './selectors.ts';

const MISMATCH = "node(s) didn't match pod topology spread constraints";

export function createSpread({ pod }: Request, all: readonly NodeState[]): (on: NodeState) => Refusal | undefined {
  const hard = (pod.spec.topologySpreadConstraints ?? []).filter(
    ({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule',
  );
  const counted = new Map<TopologySpreadConstraint, Map<string, number>>();
  return (on) => {
    for (const constraint of hard) {
      const domain = on.node.metadata.labels?.[constraint.topologyKey];
      if (domain === undefined) return { reasons: [`${MISMATCH} (missing required label)`], unresolvable: true };
      const counts = counted.get(constraint) ?? countDomains(constraint, pod, all, hard);
      counted.set(constraint, counts);
      const scarce = counts.size === 0 || counts.size < (constraint.minDomains ?? 1);
      const least = scarce ? 0 : Math.min(...counts.values());
      const self = matches(constraint, pod, pod) ? 1 : 0;
      if ((counts.get(domain) ?? 0) + self - least > constraint.maxSkew)
        return { reasons: [MISMATCH], unresolvable: false };
    }
    return undefined;
  };
}

function matches({ labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint, owner: Pod, other: Pod): boolean {
  const labels = other.metadata.labels ?? {};
  return (
    selects(labelSelector, labels) &&
    matchLabelKeys.every((key) => {
      const own = owner.metadata.labels?.[key];
      return own === undefined || labels[key] === own;
    })
  );
}

/** Matching pods of each domain that takes part: its nodes carry every key and are ones the pod could be meant for. */
function countDomains(
  constraint: TopologySpreadConstraint,
  pod: Pod,
  all: readonly NodeState[],
  hard: readonly TopologySpreadConstraint[],
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const state of all) {
    const labels = state.node.metadata.labels ?? {};
    const domain = labels[constraint.topologyKey];
    if (domain === undefined || hard.some(({ topologyKey }) => labels[topologyKey] === undefined)) continue;
    if (constraint.nodeAffinityPolicy !== 'Ignore' && !nodeAccepted(pod, state.node)) continue;
    if (constraint.nodeTaintsPolicy === 'Honor' && untolerated(pod, state.node) !== undefined) continue;
    let count = counts.get(domain) ?? 0;
    for (const { pod: other } of state.pods.values()) {
      const near = other.metadata.namespace === pod.metadata.namespace;
      if (near && other.metadata.deletionTimestamp === undefined && matches(constraint, pod, other)) count += 1;
    }
    counts.set(domain, count);
  }
  return counts;
}
