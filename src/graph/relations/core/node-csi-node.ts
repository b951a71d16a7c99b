import { dict, word } from '../../project/read.ts';
import type { Relation } from '../../types.ts';

/** A CSINode has the name of its node. */
export const nodeCsiNode: Relation = {
  id: 'node-csi-node',
  rows: [69, 26],
  verb: 'mounts by',
  sources: ['CSINode.storage.k8s.io'],
  class: 'dependsOn',
  strength: 'soft',
  inverse: true,
  fields: [],
  references: (object) => [
    { by: 'name', kind: 'Node', namespace: '', name: word(dict(object.metadata)['name']), path: 'metadata.name' },
  ],
};
