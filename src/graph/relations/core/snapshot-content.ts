import { defineRelation } from '../define.ts';

export const snapshotContent = defineRelation(
  {
    id: 'snapshot-content',
    rows: [28],
    verb: 'is kept in',
    sources: ['VolumeSnapshot.snapshot.storage.k8s.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [
    { at: 'spec.source.volumeSnapshotContentName', to: 'VolumeSnapshotContent.snapshot.storage.k8s.io' },
    { at: 'status.boundVolumeSnapshotContentName', to: 'VolumeSnapshotContent.snapshot.storage.k8s.io' },
  ],
);
