import { ofTemplates, SECRET_FIELDS } from './pod-template.ts';

export const templateSecret = ofTemplates(
  { id: 'template-secret', rows: [35], verb: 'makes pods that read', class: 'uses', strength: 'soft' },
  SECRET_FIELDS,
  'secrets',
);
