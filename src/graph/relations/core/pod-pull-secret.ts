import { ofPods } from './pod-template.ts';

export const podPullSecret = ofPods(
  { id: 'pod-pull-secret', rows: [32], verb: 'pulls images with', class: 'uses', strength: 'soft' },
  ['imagePullSecrets.name'],
  'pullSecrets',
);
