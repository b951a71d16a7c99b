/** A volume on the disk of a node that is no more: whoever needs it cannot be placed anywhere. */
import type { VolumeFacts } from '../../../graph/facts.ts';
import { HOST_LABEL } from '../../../graph/project/node.ts';
import { volume as volumeKind } from '../../../graph/project/volume.ts';
import type { GraphView, NodeId } from '../../../graph/types.ts';
import type { Detector } from '../../types.ts';
import { WARNING } from '../workloads/reading/pods.ts';
import { MINUTE } from '../workloads/reading/times.ts';
import { known } from './reading/edges.ts';
import { everywhere, type Looked, onKind } from './reading/on-kind.ts';

/** A machine that is made anew under the same name comes back within it. */
const HOLD = 2 * MINUTE;
const NODE = 'Node';

const onVolume: Detector = onKind(volumeKind, {
  id: 'volume-node-gone',
  reads: [NODE],
  // Nodes change all the time; one that is gone may have had any of them.
  affected: (changed, view) => (changed.state === 'absent' ? everywhere([volumeKind.kind], view) : []),
  look(seen) {
    const { hosts, phase } = seen.facts;
    if (hosts.length === 0 || phase !== 'Bound' || !known(seen.view, NODE) || hasHost(seen)) return undefined;
    const names = hosts.slice(0, 3).join(', ');
    return {
      severity: WARNING,
      title: `is bound to ${hosts.length === 1 ? `node ${names}, which does` : `nodes ${names}, which do`} not exist`,
      evidence: [`spec.nodeAffinity: ${HOST_LABEL} in ${names}`, 'no Node has that label'],
      holdMs: HOLD,
      advice: 'bring the node back, or delete the claim and its pod and restore the data from a backup',
    };
  },
});

export const volumeNodeGone: Detector = {
  ...onVolume,
  detect(node, context) {
    const found = onVolume.detect(node, context);
    // No edge leads here from a node that comes back, nor from one that nothing referred to any more when it went.
    if ((volumeKind.of(node)?.hosts.length ?? 0) > 0)
      context.lookAgain?.(context.now + (found.length > 0 ? MINUTE / 4 : 5 * MINUTE));
    return found;
  },
};

function hasHost({ facts: { hosts }, view }: Looked<VolumeFacts>): boolean {
  let found = hosts.some((host) => isHost(view.find(NODE, '', host), host, view));
  // A host name need not be the node's name.
  if (!found)
    view.eachOfKind(NODE, undefined, (id) => {
      const { labels, name } = view.node(id);
      found = hosts.includes(labels[HOST_LABEL] ?? name);
      return !found;
    });
  return found;
}

function isHost(id: NodeId | undefined, host: string, view: GraphView): boolean {
  if (id === undefined) return false;
  const { state, labels, name } = view.node(id);
  return state === 'present' && (labels[HOST_LABEL] ?? name) === host;
}
