import { defineRelation } from '../define.ts';

export const csiNodeDriver = defineRelation(
  {
    id: 'csi-node-driver',
    rows: [26],
    verb: 'runs the plugin of',
    sources: ['CSINode.storage.k8s.io'],
    class: 'dependsOn',
    strength: 'soft',
  },
  [{ at: 'spec.drivers[]', to: 'CSIDriver.storage.k8s.io', optional: true }],
);
