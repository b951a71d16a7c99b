import { defineRelation } from '../define.ts';

export const attachmentVolume = defineRelation(
  {
    id: 'attachment-volume',
    rows: [27],
    verb: 'attaches',
    sources: ['VolumeAttachment.storage.k8s.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.source.persistentVolumeName', to: 'PersistentVolume' }],
);
