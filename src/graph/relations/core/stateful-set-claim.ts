import { dict, list, number, numberOr, word } from '../../project/read.ts';
import type { Reference, Relation } from '../../types.ts';

/** A set of more has more claims than anybody looks at one by one. */
const MAX_ORDINALS = 500;

/** `<template>-<set>-<ordinal>`. Optional: a claim is made with its pod, and that waits for the one before. */
export const statefulSetClaim: Relation = {
  id: 'stateful-set-claim',
  rows: [29],
  verb: 'keeps data in',
  sources: ['StatefulSet.apps'],
  class: 'dependsOn',
  strength: 'soft',
  fields: ['spec.replicas', 'spec.ordinals.start', 'spec.volumeClaimTemplates.metadata'],
  references(object) {
    const spec = dict(object['spec']);
    const metadata = dict(object.metadata);
    const start = number(dict(spec['ordinals'])['start']);
    const replicas = Math.min(numberOr(spec['replicas'], 1), MAX_ORDINALS);
    const found: Reference[] = [];
    for (const entry of list(spec['volumeClaimTemplates'])) {
      const template = word(dict(dict(entry)['metadata'])['name']);
      if (template === '' || found.length >= MAX_ORDINALS) continue;
      for (let ordinal = start; ordinal < start + replicas; ordinal++) {
        found.push({
          by: 'name',
          kind: 'PersistentVolumeClaim',
          namespace: word(metadata['namespace']),
          name: `${template}-${word(metadata['name'])}-${ordinal}`,
          path: `spec.volumeClaimTemplates[${template.slice(0, 63)}]`,
          optional: true,
        });
      }
    }
    return found;
  },
};
