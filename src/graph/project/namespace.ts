import type { NamespaceFacts } from '../facts.ts';
import type { Health } from '../types.ts';
import { conditionsOf } from './conditions.ts';
import { defineKind } from './define-kind.ts';
import { namesOf } from './names.ts';
import { dict, text } from './read.ts';

export const namespace = defineKind<NamespaceFacts>({
  kind: 'Namespace',
  depth: 'object',
  fields: ['spec.finalizers', 'status.phase', 'status.conditions'],
  project(object, intern) {
    const status = dict(object['status']);
    return {
      phase: intern.text(text(status['phase'])),
      conditions: conditionsOf(status['conditions'], intern),
      finalizers: namesOf(dict(object['spec'])['finalizers'], intern),
    };
  },
  health: namespaceHealth,
});

/** All conditions of a namespace speak of why its deletion does not end. */
function namespaceHealth({ phase, conditions }: NamespaceFacts): Health {
  if (phase !== 'Terminating') return 'ok';
  return conditions.some(({ status }) => status === 'True') ? 'warning' : 'progressing';
}
