import { ofTemplates } from './pod-template.ts';

export const templateClass = ofTemplates(
  { id: 'template-class', rows: [35], verb: 'makes pods that run under', class: 'uses', strength: 'soft' },
  ['priorityClassName', 'runtimeClassName'],
  'classes',
);
