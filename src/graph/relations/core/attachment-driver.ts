import { defineRelation } from '../define.ts';

export const attachmentDriver = defineRelation(
  {
    id: 'attachment-driver',
    rows: [27],
    verb: 'is attached by',
    sources: ['VolumeAttachment.storage.k8s.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.attacher', to: 'CSIDriver.storage.k8s.io', optional: true }],
);
