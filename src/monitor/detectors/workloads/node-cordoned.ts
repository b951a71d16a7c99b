/** A node that takes no new pods, longer than a drain takes, or while pods wait for it. */
import { node as nodeKind } from '../../../graph/project/node.ts';
import type { Detector } from '../../types.ts';
import { machinesOf, wouldTake } from './reading/nodes.ts';
import { MINOR, POD } from './reading/pods.ts';
import { count, HOUR, span } from './reading/times.ts';
import { PLACING, waitingPod, waitingPods } from './reading/waiting.ts';

const TAINT = 'node.kubernetes.io/unschedulable';

export const nodeCordoned: Detector = {
  id: 'node-cordoned',
  class: 'incident',
  kinds: ['Node'],
  reads: [POD],
  // A finding is looked at again by the clock: that a pod was placed need not be told.
  affected: (changed, view) =>
    waitingPod(changed) === undefined ? [] : machinesOf(view).cordoned.map(({ node }) => node.id),
  detect(node, context) {
    const facts = nodeKind.of(node);
    if (facts === undefined || !facts.unschedulable || node.deleting !== undefined) return [];
    const { view, now } = context;
    const since = facts.taints.find(({ key }) => key === TAINT)?.since ?? 0;
    const waiting = waitingPods(view).filter(
      (one) => now - one.since >= PLACING && wouldTake({ node, facts }, one.pod),
    );
    const names = waiting.slice(0, 3).map((one) => `${one.node.namespace}/${one.node.name}`);
    return [
      {
        severity: MINOR,
        title: 'cordoned: it takes no new pods',
        evidence: [
          'spec.unschedulable: true',
          ...(since === 0 ? [] : [`taint ${TAINT} for ${span(now - since)}`]),
          ...(waiting.length === 0 ? [] : [`${count(waiting.length, 'pod')} cannot be placed: ${names.join(', ')}`]),
        ],
        ...(since === 0 ? {} : { since }),
        // A drain is not waited for by pods that have nowhere else to go.
        holdMs: waiting.length > 0 ? 0 : HOUR,
        advice: `kubectl uncordon ${node.name}, once it may take pods again`,
      },
    ];
  },
};
