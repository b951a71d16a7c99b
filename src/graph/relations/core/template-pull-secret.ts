import { ofTemplates } from './pod-template.ts';

export const templatePullSecret = ofTemplates(
  { id: 'template-pull-secret', rows: [35], verb: 'makes pods that pull with', class: 'uses', strength: 'soft' },
  ['imagePullSecrets.name'],
  'pullSecrets',
);
