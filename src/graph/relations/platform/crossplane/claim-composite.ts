/** The cluster-scoped resource behind a claim. */
import { kindKeyOfApiVersion } from '../../../kind-key.ts';
import type { Relation } from '../../../types.ts';
import { isRecord, textOf } from '../../field-path.ts';
import { COMPOSED_FIELDS, isComposed } from './composed.ts';

export const claimComposite: Relation = {
  id: 'claim-composite',
  rows: [63],
  verb: 'is met by',
  sources: 'any',
  custom: true,
  class: 'dependsOn',
  strength: 'hard',
  fields: [...COMPOSED_FIELDS, 'spec.resourceRef'],
  references(object, resource) {
    const spec = object['spec'];
    const target = isRecord(spec) ? spec['resourceRef'] : undefined;
    if (!isRecord(target) || !isComposed(object, resource)) return [];
    const kind = textOf(target['kind']);
    const name = textOf(target['name']);
    if (kind === '' || name === '') return [];
    const key = kindKeyOfApiVersion(textOf(target['apiVersion']), kind);
    return [{ by: 'name', kind: key, namespace: '', name, path: 'spec.resourceRef.name' }];
  },
};
