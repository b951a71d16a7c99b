import { IMAGE_FIELDS, ofPods } from './pod-template.ts';

export const podImage = ofPods(
  { id: 'pod-image', rows: [75], verb: 'runs', class: 'uses', strength: 'soft' },
  IMAGE_FIELDS,
  'images',
);
