import type { ClaimFacts } from '../facts.ts';
import type { Health } from '../types.ts';
import { conditionsOf } from './conditions.ts';
import { defineKind } from './define-kind.ts';
import { quantity } from './quantity.ts';
import { dict, text, words } from './read.ts';

export const claim = defineKind<ClaimFacts>({
  kind: 'PersistentVolumeClaim',
  depth: 'object',
  fields: [
    'spec.storageClassName',
    'spec.volumeName',
    'spec.resources.requests',
    'spec.accessModes',
    'status.phase',
    'status.capacity',
    'status.conditions',
  ],
  project(object, intern) {
    const spec = dict(object['spec']);
    const status = dict(object['status']);
    return {
      phase: intern.text(text(status['phase'])),
      storageClass: intern.text(text(spec['storageClassName'])),
      volume: text(spec['volumeName']),
      requested: quantity(dict(dict(spec['resources'])['requests'])['storage']),
      capacity: quantity(dict(status['capacity'])['storage']),
      accessModes: intern.shared(words(spec['accessModes'])),
      conditions: conditionsOf(status['conditions'], intern),
    };
  },
  health: claimHealth,
});

function claimHealth({ phase, conditions }: ClaimFacts): Health {
  if (phase === 'Lost') return 'failed';
  if (phase !== 'Bound') return 'progressing';
  if (conditions.some(({ type, status }) => type.endsWith('Error') && status === 'True')) return 'warning';
  return conditions.some(({ type, status }) => type.includes('Resiz') && status === 'True') ? 'progressing' : 'ok';
}
