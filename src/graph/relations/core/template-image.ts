import { IMAGE_FIELDS, ofTemplates } from './pod-template.ts';

export const templateImage = ofTemplates(
  { id: 'template-image', rows: [75], verb: 'makes pods that run', class: 'uses', strength: 'soft' },
  IMAGE_FIELDS,
  'images',
);
