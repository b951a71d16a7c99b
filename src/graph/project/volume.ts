import type { VolumeFacts } from '../facts.ts';
import type { Health } from '../types.ts';
import { defineKind } from './define-kind.ts';
import { ZONE_LABEL } from './node.ts';
import { quantity } from './quantity.ts';
import { dict, list, text, words } from './read.ts';

export const volume = defineKind<VolumeFacts>({
  kind: 'PersistentVolume',
  depth: 'object',
  fields: [
    'spec.storageClassName',
    'spec.capacity',
    'spec.persistentVolumeReclaimPolicy',
    'spec.csi.driver',
    'spec.nodeAffinity.required',
    'status.phase',
    'status.reason',
    'status.message',
  ],
  project(object, intern) {
    const spec = dict(object['spec']);
    const status = dict(object['status']);
    return {
      phase: intern.text(text(status['phase'])),
      reason: intern.text(text(status['reason'])),
      message: intern.text(text(status['message'])),
      storageClass: intern.text(text(spec['storageClassName'])),
      capacity: quantity(dict(spec['capacity'])['storage']),
      reclaim: intern.text(text(spec['persistentVolumeReclaimPolicy'])),
      driver: intern.text(text(dict(spec['csi'])['driver'])),
      zones: intern.shared(zonesOf(spec['nodeAffinity'])),
    };
  },
  health: volumeHealth,
});

/** Drivers spell the zone in their own ways: `topology.ebs.csi.aws.com/zone`, `topology.gke.io/zone`. */
function zonesOf(affinity: unknown): string[] {
  const zones = new Set<string>();
  for (const term of list(dict(dict(affinity)['required'])['nodeSelectorTerms'])) {
    for (const expression of list(dict(term)['matchExpressions'])) {
      const { key, operator, values } = dict(expression);
      if (operator !== 'In' || !(key === ZONE_LABEL || text(key).endsWith('/zone'))) continue;
      for (const zone of words(values)) zones.add(zone);
    }
  }
  return [...zones].sort();
}

function volumeHealth({ phase }: VolumeFacts): Health {
  if (phase === 'Failed') return 'failed';
  if (phase === 'Released') return 'warning';
  return phase === 'Bound' || phase === 'Available' ? 'ok' : 'progressing';
}
