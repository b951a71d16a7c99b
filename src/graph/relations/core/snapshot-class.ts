import { defineRelation } from '../define.ts';

export const snapshotClass = defineRelation(
  {
    id: 'snapshot-class',
    rows: [28],
    verb: 'is of',
    sources: ['VolumeSnapshot.snapshot.storage.k8s.io', 'VolumeSnapshotContent.snapshot.storage.k8s.io'],
    class: 'dependsOn',
    strength: 'soft',
  },
  [{ at: 'spec.volumeSnapshotClassName', to: 'VolumeSnapshotClass.snapshot.storage.k8s.io' }],
);
