import { ofTemplates } from './pod-template.ts';

export const templateServiceAccount = ofTemplates(
  { id: 'template-service-account', rows: [35], verb: 'makes pods that act as', class: 'uses', strength: 'soft' },
  ['serviceAccountName'],
  'serviceAccount',
);
