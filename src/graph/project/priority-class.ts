import type { PriorityClassFacts } from '../facts.ts';
import { defineKind } from './define-kind.ts';
import { number, text } from './read.ts';

export const priorityClass = defineKind<PriorityClassFacts>({
  kind: 'PriorityClass.scheduling.k8s.io',
  depth: 'object',
  fields: ['value', 'globalDefault', 'preemptionPolicy'],
  project: (object) => ({
    value: number(object['value']),
    isDefault: object['globalDefault'] === true,
    preemption: text(object['preemptionPolicy']) || 'PreemptLowerPriority',
  }),
  health: () => 'ok',
});
