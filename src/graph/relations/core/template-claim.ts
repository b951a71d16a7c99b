import { CLAIM_FIELDS, ofTemplates } from './pod-template.ts';

export const templateClaim = ofTemplates(
  { id: 'template-claim', rows: [35], verb: 'makes pods that store data in', class: 'dependsOn', strength: 'soft' },
  CLAIM_FIELDS,
  'claims',
);
