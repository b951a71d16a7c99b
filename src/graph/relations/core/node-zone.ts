import { ZONE_LABEL, zoneOf } from '../../project/node.ts';
import { dict } from '../../project/read.ts';
import type { Relation } from '../../types.ts';

/** Nodes of a zone fail together. */
export const nodeZone: Relation = {
  id: 'node-zone',
  rows: [70],
  verb: 'is in',
  sources: ['Node'],
  class: 'hosts',
  strength: 'informational',
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
