import { defineRelation } from '../define.ts';

export const snapshotClaim = defineRelation(
  {
    id: 'snapshot-claim',
    rows: [28],
    verb: 'was taken of',
    sources: ['VolumeSnapshot.snapshot.storage.k8s.io'],
    class: 'dependsOn',
    strength: 'soft',
  },
  [{ at: 'spec.source.persistentVolumeClaimName', to: 'PersistentVolumeClaim' }],
);
