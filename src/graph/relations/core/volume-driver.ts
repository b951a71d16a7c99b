import { defineRelation } from '../define.ts';

/** A driver works without its CSIDriver object: it is optional. */
export const volumeDriver = defineRelation(
  {
    id: 'volume-driver',
    rows: [25],
    verb: 'is served by',
    sources: ['PersistentVolume'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.csi.driver', to: 'CSIDriver.storage.k8s.io', optional: true }],
);
