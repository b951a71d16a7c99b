/** A node that takes no new pods, longer than a drain takes. Pods that cannot be placed for it say so themselves (unschedulable). */
import { node as nodeKind } from '../../../graph/project/node.ts';
import type { Detector } from '../../types.ts';
import { MINOR } from './reading/pods.ts';
import { HOUR, span } from './reading/times.ts';

const TAINT = 'node.kubernetes.io/unschedulable';

export const nodeCordoned: Detector = {
  id: 'node-cordoned',
  class: 'incident',
  kinds: ['Node'],
  reads: [],
  detect(node, context) {
    const facts = nodeKind.of(node);
    if (facts === undefined || !facts.unschedulable || node.deleting !== undefined) return [];
    const since = facts.taints.find(({ key }) => key === TAINT)?.since ?? 0;
    return [
      {
        severity: MINOR,
        title: 'cordoned: it takes no new pods',
        evidence: [
          'spec.unschedulable: true',
          ...(since === 0 ? [] : [`taint ${TAINT} for ${span(context.now - since)}`]),
        ],
        ...(since === 0 ? {} : { since }),
        holdMs: HOUR,
        advice: `kubectl uncordon ${node.name}, once it may take pods again`,
      },
    ];
  },
};
