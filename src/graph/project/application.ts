import type { ApplicationFacts } from '../facts.ts';
import type { Health } from '../types.ts';
import { conditionsOf } from './conditions.ts';
import { defineKind } from './define-kind.ts';
import { dict, has, text } from './read.ts';

export const application = defineKind<ApplicationFacts>({
  kind: 'Application.argoproj.io',
  depth: 'object',
  fields: [
    'spec.syncPolicy.automated',
    'status.health.status',
    'status.health.message',
    'status.sync.status',
    'status.operationState.phase',
    'status.operationState.message',
    'status.conditions',
  ],
  project(object, intern) {
    const status = dict(object['status']);
    const health = dict(status['health']);
    const operation = dict(status['operationState']);
    return {
      health: intern.text(text(health['status'])),
      healthMessage: text(health['message']),
      sync: intern.text(text(dict(status['sync'])['status'])),
      operation: intern.text(text(operation['phase'])),
      operationMessage: text(operation['message']),
      automated: has(dict(dict(object['spec'])['syncPolicy'])['automated']),
      conditions: conditionsOf(status['conditions'], intern),
    };
  },
  health: ({ health }) => HEALTH[health] ?? 'unknown',
});

/** In the words of Argo CD. */
const HEALTH: Readonly<Record<string, Health>> = {
  Healthy: 'ok',
  Progressing: 'progressing',
  Suspended: 'ok',
  Degraded: 'failed',
  Missing: 'warning',
};
