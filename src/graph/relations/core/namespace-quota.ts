import { dict, word } from '../../project/read.ts';
import type { Relation } from '../../types.ts';

/** What a quota or a limit range refuses is refused to the whole namespace; its objects hang on the namespace without edges of their own. */
export const namespaceQuota: Relation = {
  id: 'namespace-quota',
  rows: [73],
  verb: 'is limited by',
  sources: ['ResourceQuota', 'LimitRange'],
  class: 'dependsOn',
  strength: 'soft',
  inverse: true,
  fields: [],
  references: (object) => [
    {
      by: 'name',
      kind: 'Namespace',
      namespace: '',
      name: word(dict(object.metadata)['namespace']),
      path: 'metadata.namespace',
    },
  ],
};
