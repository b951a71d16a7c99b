/** A pod on a node that does not answer, or that is gone: nobody knows how it is. */
import { node as nodeKind } from '../../../graph/project/node.ts';
import type { Detector } from '../../types.ts';
import { badNodeOf, CRITICAL, onLivePods, podsOn } from './reading/pods.ts';
import { SECOND, span } from './reading/times.ts';

export const podOnBadNode: Detector = onLivePods({
  id: 'pod-on-bad-node',
  reads: ['Node'],
  affected: podsOn,
  look(seen) {
    const { view } = seen;
    const bad = badNodeOf(seen);
    if (bad === undefined || view.kindState('Node').state !== 'synced') return undefined;
    const ready = nodeKind.of(bad)?.conditions.find(({ type }) => type === 'Ready');
    const since = ready === undefined ? undefined : ready.since;
    const state = bad.state === 'absent' ? 'gone' : 'NotReady';
    return {
      severity: CRITICAL,
      title: `on Node ${bad.name}, which is ${state}`,
      evidence: [
        `spec.nodeName: ${bad.name}`,
        ...(since === undefined ? [] : [`condition Ready of the Node: ${ready?.status} for ${span(seen.now - since)}`]),
      ],
      ...(since === undefined ? {} : { since }),
      holdMs: 30 * SECOND,
      cause: bad.id,
    };
  },
});
