import { ofPods } from './pod-template.ts';

/** Asked for when a pod is made: those that run go on without it. */
export const podClass = ofPods(
  { id: 'pod-class', rows: [36], verb: 'runs under', class: 'uses', strength: 'soft' },
  ['priorityClassName', 'runtimeClassName'],
  'classes',
);
