import { dict, word } from '../../project/read.ts';
import type { Reference, Relation } from '../../types.ts';

/** A volume is kept for the claim of this uid: one of the same name that came later is another. */
export const volumeClaim: Relation = {
  id: 'volume-claim',
  rows: [22],
  verb: 'is kept for',
  sources: ['PersistentVolume'],
  class: 'ownedBy',
  strength: 'ownership',
  fields: ['spec.claimRef'],
  references(object) {
    const { name, namespace, uid } = dict(dict(object['spec'])['claimRef']);
    const target = {
      kind: 'PersistentVolumeClaim',
      namespace: word(namespace),
      name: word(name),
      path: 'spec.claimRef',
    };
    // Without uid: reserved by name for a claim that is still to come.
    const reference: Reference =
      word(uid) === ''
        ? { ...target, by: 'name', optional: true }
        : { ...target, by: 'uid', uid: word(uid), optional: true };
    return [reference];
  },
};
