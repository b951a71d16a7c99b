import type { VolumeFacts } from '../facts.ts';
import type { Health } from '../types.ts';
import { defineKind } from './define-kind.ts';
import { HOST_LABEL, ZONE_LABEL } from './node.ts';
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
      zones: intern.shared(placesOf(spec['nodeAffinity'], isZone)),
      hosts: intern.shared(placesOf(spec['nodeAffinity'], (key) => key === HOST_LABEL)),
    };
  },
  health: volumeHealth,
});

/** Drivers spell the zone in their own ways: `topology.ebs.csi.aws.com/zone`, `topology.gke.io/zone`. */
const isZone = (key: string): boolean => key === ZONE_LABEL || key.endsWith('/zone');

/** What a label of the nodes that it is bound to may be. */
function placesOf(affinity: unknown, isPlace: (key: string) => boolean): string[] {
  const places = new Set<string>();
  for (const term of list(dict(dict(affinity)['required'])['nodeSelectorTerms'])) {
    for (const expression of list(dict(term)['matchExpressions'])) {
      const { key, operator, values } = dict(expression);
      if (operator !== 'In' || !isPlace(text(key))) continue;
      for (const place of words(values)) places.add(place);
    }
  }
  return [...places].sort();
}

function volumeHealth({ phase }: VolumeFacts): Health {
  if (phase === 'Failed') return 'failed';
  if (phase === 'Released') return 'warning';
  return phase === 'Bound' || phase === 'Available' ? 'ok' : 'progressing';
}
