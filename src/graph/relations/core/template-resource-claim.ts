import { ofTemplates } from './pod-template.ts';

export const templateResourceClaim = ofTemplates(
  { id: 'template-resource-claim', rows: [35], verb: 'makes pods that need', class: 'dependsOn', strength: 'soft' },
  ['resourceClaims'],
  'resourceClaims',
);
