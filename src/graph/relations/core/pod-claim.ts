import { CLAIM_FIELDS, ofPods } from './pod-template.ts';

export const podClaim = ofPods(
  { id: 'pod-claim', rows: [20], verb: 'stores data in', class: 'dependsOn', strength: 'hard' },
  CLAIM_FIELDS,
  'claims',
);
