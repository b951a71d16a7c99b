import { ofPods } from './pod-template.ts';

export const podClass = ofPods(
  { id: 'pod-class', rows: [36], verb: 'runs under', class: 'uses', strength: 'hard' },
  ['priorityClassName', 'runtimeClassName'],
  'classes',
);
