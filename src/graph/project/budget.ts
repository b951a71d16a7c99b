import type { BudgetFacts } from '../facts.ts';
import { conditionsOf } from './conditions.ts';
import { defineKind } from './define-kind.ts';
import { dict, intOrText, number } from './read.ts';

export const budget = defineKind<BudgetFacts>({
  kind: 'PodDisruptionBudget.policy',
  depth: 'object',
  fields: [
    'spec.minAvailable',
    'spec.maxUnavailable',
    'status.currentHealthy',
    'status.desiredHealthy',
    'status.disruptionsAllowed',
    'status.expectedPods',
    'status.conditions',
  ],
  project(object, intern) {
    const spec = dict(object['spec']);
    const status = dict(object['status']);
    return {
      minAvailable: intern.text(intOrText(spec['minAvailable'])),
      maxUnavailable: intern.text(intOrText(spec['maxUnavailable'])),
      currentHealthy: number(status['currentHealthy']),
      desiredHealthy: number(status['desiredHealthy']),
      disruptionsAllowed: number(status['disruptionsAllowed']),
      expectedPods: number(status['expectedPods']),
      conditions: conditionsOf(status['conditions'], intern),
    };
  },
  health: ({ currentHealthy, desiredHealthy }) => (currentHealthy < desiredHealthy ? 'warning' : 'ok'),
});
