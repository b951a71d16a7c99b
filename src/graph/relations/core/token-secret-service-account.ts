import { dict, word } from '../../project/read.ts';
import type { Relation } from '../../types.ts';

const ANNOTATION = 'kubernetes.io/service-account.name';

/** A token Secret goes when its account goes. */
export const tokenSecretServiceAccount: Relation = {
  id: 'token-secret-service-account',
  rows: [34],
  verb: 'holds a token of',
  sources: ['Secret'],
  class: 'ownedBy',
  strength: 'ownership',
  fields: [],
  references(object) {
    const metadata = dict(object.metadata);
    const name = word(dict(metadata['annotations'])[ANNOTATION]);
    const namespace = word(metadata['namespace']);
    return [{ by: 'name', kind: 'ServiceAccount', namespace, name, path: `metadata.annotations[${ANNOTATION}]` }];
  },
};
