import { defineRelation } from '../define.ts';

export const volumeStorageClass = defineRelation(
  {
    id: 'volume-storage-class',
    rows: [23],
    verb: 'is of',
    sources: ['PersistentVolumeClaim', 'PersistentVolume'],
    class: 'dependsOn',
    strength: 'soft',
  },
  [{ at: 'spec.storageClassName', to: 'StorageClass.storage.k8s.io' }],
);
