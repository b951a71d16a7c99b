/** A volume that could not be reclaimed, or that waits for a claim which came anew. */
import type { VolumeFacts } from '../../../graph/facts.ts';
import { claim as claimKind } from '../../../graph/project/claim.ts';
import { volume as volumeKind } from '../../../graph/project/volume.ts';
import type { Detector } from '../../types.ts';
import { WARNING } from '../workloads/reading/pods.ts';
import { recent, told } from '../workloads/reading/stories.ts';
import { MINUTE, short } from '../workloads/reading/times.ts';
import { leads } from './reading/edges.ts';
import { type Looked, onKind } from './reading/on-kind.ts';

export const volumeFailed: Detector = onKind(volumeKind, {
  id: 'volume-failed',
  reads: [claimKind.kind],
  look(seen) {
    const { node, facts } = seen;
    if (facts.phase === 'Failed') {
      const [event] = recent(node, seen, 'VolumeFailedDelete', 'VolumeFailedRecycle');
      const why = facts.message || event?.message || facts.reason;
      return {
        severity: WARNING,
        title: `Failed${why === '' ? '' : `: ${short(why, 160)}`}`,
        evidence: [
          `status.phase: Failed, reclaim policy ${facts.reclaim}`,
          ...(event === undefined ? [] : [told(event, seen.now)]),
        ],
        holdMs: MINUTE,
      };
    }
    const claim = facts.phase === 'Released' ? successor(seen) : undefined;
    if (claim === undefined) return undefined;
    return {
      severity: WARNING,
      title: `Released and kept for a claim that is gone, while a new PersistentVolumeClaim ${claim.name} of its name waits`,
      evidence: ['status.phase: Released', `spec.claimRef names an earlier ${claim.name}`],
      holdMs: 2 * MINUTE,
      ...(claim.fits
        ? {
            advice: `to give it to the new claim: kubectl patch pv ${node.name} --type json -p '[{"op":"remove","path":"/spec/claimRef/uid"}]'`,
          }
        : {}),
    };
  },
});

/** A claim of the same name as the one that it was bound to, made after that. */
function successor({ node, facts, view }: Looked<VolumeFacts>): { name: string; fits: boolean } | undefined {
  const [kept] = leads(node.id, view, 'volume-claim');
  if (kept === undefined) return undefined;
  const id = view.find(claimKind.kind, kept.node.namespace, kept.node.name);
  const claim = id === undefined ? undefined : view.node(id);
  const wanted = claim === undefined ? undefined : claimKind.of(claim);
  if (claim === undefined || wanted?.phase !== 'Pending') return undefined;
  return {
    name: `${claim.namespace}/${claim.name}`,
    // Else it would not be bound to it.
    fits: wanted.storageClass === facts.storageClass && wanted.requested <= facts.capacity,
  };
}
