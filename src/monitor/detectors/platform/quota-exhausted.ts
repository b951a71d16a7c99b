/** A quota that is used up and refuses what somebody wants to create. */

import { quota as quotaKind } from '../../../graph/project/quota.ts';
import type { EventFacts, GraphNode } from '../../../graph/types.ts';
import type { DetectContext, Detector } from '../../types.ts';
import { DAEMON_SET, JOB, REPLICA_SET, STATEFUL_SET } from '../workloads/reading/owners.ts';
import { CRITICAL } from '../workloads/reading/pods.ts';
import { lacksPods, refusedSince } from '../workloads/reading/refusals.ts';
import { recent, told } from '../workloads/reading/stories.ts';
import { count, SECOND } from '../workloads/reading/times.ts';
import { allOf, onKind } from './reading/on-kind.ts';
import { fullest, used } from './reading/quotas.ts';

const MAKERS = [REPLICA_SET, STATEFUL_SET, DAEMON_SET, JOB, 'ReplicationController'];
/** Refused ones that are looked for. */
const ENOUGH = 20;

export const quotaExhausted: Detector = onKind(quotaKind, {
  id: 'quota-exhausted',
  reads: MAKERS,
  // What has its pods refutes nothing: a finding is looked at again by the clock.
  affected: (changed, view) => (lacksPods(changed) ? allOf(quotaKind.kind)(changed, view) : []),
  look(seen) {
    const { node, facts } = seen;
    const refused = refusedBy(node, seen);
    const [first] = refused;
    if (first === undefined) return undefined;
    const full = fullest(facts).filter(({ share }) => share >= 0.9);
    return {
      severity: CRITICAL,
      title: `refuses ${count(refused.length, 'workload')} its pods${full.length === 0 ? '' : `: ${full.map(used).slice(0, 3).join(', ')}`}`,
      evidence: [
        ...full.slice(0, 3).map((one) => `status.used: ${used(one)}`),
        `${first.node.kind.split('.')[0]} ${first.node.name}: ${told(first.event, seen.now)}`,
      ],
      ...earliest(refused.map(({ node: maker, event }) => refusedSince(maker, event, seen.view))),
      holdMs: 20 * SECOND,
    };
  },
});

/** As far as they say. */
function earliest(times: readonly { since?: number }[]): { since?: number } {
  const told = times.flatMap(({ since }) => (since === undefined ? [] : [since]));
  return told.length === 0 ? {} : { since: Math.min(...told) };
}

function refusedBy(quota: GraphNode, context: DetectContext): { node: GraphNode; event: EventFacts }[] {
  const found: { node: GraphNode; event: EventFacts }[] = [];
  const says = new RegExp(`(exceeded|failed) quota: ${escaped(quota.name)}[,:]`);
  for (const kind of MAKERS)
    context.view.eachOfKind(kind, quota.namespace, (id) => {
      const node = context.view.node(id);
      if (node.deleting !== undefined || !lacksPods(node)) return undefined;
      if (context.view.events(id).length === 0) return undefined;
      const event = recent(node, context, 'FailedCreate').find(({ message }) => says.test(message));
      if (event !== undefined) found.push({ node, event });
      return found.length < ENOUGH;
    });
  return found;
}

const escaped = (name: string) => name.replaceAll('.', '\\.');
