import { ZONE_LABEL, zoneOf } from '../../project/node.ts';
import { dict } from '../../project/read.ts';
import type { Relation } from '../../types.ts';

/** A zone that fails takes its nodes with it. */
export const nodeZone: Relation = {
  id: 'node-zone',
  rows: [70],
  verb: 'is in',
  sources: ['Node'],
  class: 'hosts',
  strength: 'hard',
  fields: [],
  references: (object) => [
    {
      by: 'name',
      kind: '~Zone',
      namespace: '',
      name: zoneOf(dict(dict(object.metadata)['labels'])),
      path: `metadata.labels[${ZONE_LABEL}]`,
    },
  ],
};
