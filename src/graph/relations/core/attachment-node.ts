import { defineRelation } from '../define.ts';

export const attachmentNode = defineRelation(
  {
    id: 'attachment-node',
    rows: [27],
    verb: 'attaches to',
    sources: ['VolumeAttachment.storage.k8s.io'],
    class: 'hosts',
    strength: 'hard',
  },
  [{ at: 'spec.nodeName', to: 'Node' }],
);
