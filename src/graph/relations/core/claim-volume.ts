import { defineRelation } from '../define.ts';

export const claimVolume = defineRelation(
  {
    id: 'claim-volume',
    rows: [21],
    verb: 'is bound to',
    sources: ['PersistentVolumeClaim'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.volumeName', to: 'PersistentVolume' }],
);
