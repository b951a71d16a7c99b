import { ofPods } from './pod-template.ts';

export const podResourceClaim = ofPods(
  { id: 'pod-resource-claim', rows: [38], verb: 'needs the devices of', class: 'dependsOn', strength: 'hard' },
  ['resourceClaims'],
  'resourceClaims',
);
