import { ofPods } from './pod-template.ts';

export const podServiceAccount = ofPods(
  { id: 'pod-service-account', rows: [33], verb: 'acts as', class: 'uses', strength: 'hard' },
  ['serviceAccountName'],
  'serviceAccount',
);
