import { kindKeyOfApiVersion } from '../../kind-key.ts';
import { dict, list, word } from '../../project/read.ts';
import type { Reference, Relation } from '../../types.ts';

/** Deleting the owner deletes what it owns; how well the owned are says how well the owner is. Also CronJob <= Job <= Pod. */
export const owner: Relation = {
  id: 'owner',
  rows: [1, 51],
  verb: 'is owned by',
  sources: 'any',
  class: 'ownedBy',
  strength: 'ownership',
  fields: [],
  references(object) {
    const metadata = dict(object.metadata);
    const namespace = word(metadata['namespace']);
    const found: Reference[] = [];
    for (const entry of list(metadata['ownerReferences'])) {
      const { apiVersion, kind, name, uid } = dict(entry);
      if (word(kind) === '' || word(uid) === '') continue;
      found.push({
        by: 'uid',
        kind: kindKeyOfApiVersion(word(apiVersion), word(kind)),
        // The projector knows which kinds live in none.
        namespace,
        name: word(name),
        uid: word(uid),
        path: 'metadata.ownerReferences',
      });
    }
    return found;
  },
};
