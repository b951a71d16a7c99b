/** A volume that was to grow and does not. */
import { claim as claimKind } from '../../../graph/project/claim.ts';
import type { Detector } from '../../types.ts';
import { WARNING } from '../workloads/reading/pods.ts';
import { recent, told, toldSince } from '../workloads/reading/stories.ts';
import { bytes, MINUTE } from '../workloads/reading/times.ts';
import { heldSince, reasonOf, saidBy } from './reading/conditions.ts';
import { onKind } from './reading/on-kind.ts';

export const claimResize: Detector = onKind(claimKind, {
  id: 'claim-resize',
  look(seen) {
    const { node, facts } = seen;
    if (facts.phase !== 'Bound') return undefined;
    // ControllerResizeError, NodeResizeError, ModifyVolumeError.
    const failed = facts.conditions.find(({ type, status }) => type.endsWith('Error') && status === 'True');
    const [event] = recent(node, seen, 'VolumeResizeFailed');
    if (failed === undefined && (event === undefined || facts.capacity >= facts.requested)) return undefined;
    return {
      severity: WARNING,
      title: `cannot be resized: ${failed === undefined ? event?.message.slice(0, 160) : reasonOf(failed)}`,
      evidence: [
        ...(failed === undefined ? [] : [saidBy(failed, seen)]),
        ...(event === undefined ? [] : [told(event, seen.now)]),
        `requested ${bytes(facts.requested)}, has ${bytes(facts.capacity)}`,
      ],
      holdMs: 2 * MINUTE,
      ...(failed !== undefined ? heldSince(failed) : event !== undefined ? toldSince(event) : {}),
    };
  },
});
