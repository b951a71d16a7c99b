import { defineRelation } from '../define.ts';

export const volumeDriverSecret = defineRelation(
  {
    id: 'volume-driver-secret',
    rows: [25],
    verb: 'is mounted with',
    sources: ['PersistentVolume'],
    class: 'uses',
    strength: 'hard',
  },
  [
    { at: 'spec.csi.controllerPublishSecretRef', to: 'Secret', across: true },
    { at: 'spec.csi.nodeStageSecretRef', to: 'Secret', across: true },
    { at: 'spec.csi.nodePublishSecretRef', to: 'Secret', across: true },
    { at: 'spec.csi.controllerExpandSecretRef', to: 'Secret', across: true },
    { at: 'spec.csi.nodeExpandSecretRef', to: 'Secret', across: true },
  ],
);
