/** A volume that cannot be attached to a node, or not be taken off one. */
import { volumeAttachment as attachmentKind } from '../../../graph/project/volume-attachment.ts';
import type { Detector } from '../../types.ts';
import { because, WARNING } from '../workloads/reading/pods.ts';
import { MINUTE, short } from '../workloads/reading/times.ts';
import { lost } from './reading/edges.ts';
import { onKind } from './reading/on-kind.ts';

export const volumeAttachment: Detector = onKind(attachmentKind, {
  id: 'volume-attachment',
  reads: ['Node', 'PersistentVolume'],
  look({ node, facts, view }) {
    const message = facts.attachError || facts.detachError;
    if (message === '') return undefined;
    const attaching = facts.attachError !== '';
    const [missing] = lost(node.id, view, 'attachment-node', 'attachment-volume');
    return {
      severity: WARNING,
      title: `volume ${facts.volume} cannot be ${attaching ? 'attached to' : 'detached from'} node ${facts.node}: ${short(message)}`,
      evidence: [
        `status.${attaching ? 'attachError' : 'detachError'}: ${short(message, 240)}`,
        `attacher ${facts.attacher}`,
        ...(missing === undefined ? [] : [`${missing.node.kind} ${missing.node.name} does not exist`]),
      ],
      holdMs: 2 * MINUTE,
      ...because(missing?.node.id),
    };
  },
});
