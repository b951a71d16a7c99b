import { ofPods, SECRET_FIELDS } from './pod-template.ts';

export const podSecret = ofPods(
  { id: 'pod-secret', rows: [31], verb: 'reads secrets from', class: 'uses', strength: 'hard' },
  SECRET_FIELDS,
  'secrets',
);
