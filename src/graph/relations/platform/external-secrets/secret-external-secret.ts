/** The Secret that an ExternalSecret writes: there once it was read, and as good as the last time. */
import type { Relation } from '../../../types.ts';
import { nameReference, namespaceOf } from '../../define.ts';
import { isRecord, textOf } from '../../field-path.ts';

export const secretExternalSecret: Relation = {
  id: 'secret-external-secret',
  rows: [65],
  verb: 'is written by',
  sources: ['ExternalSecret.external-secrets.io'],
  class: 'dependsOn',
  strength: 'hard',
  inverse: true,
  fields: ['spec.target.name', 'spec.target.creationPolicy'],
  references(object) {
    const spec = object['spec'];
    const given = isRecord(spec) ? spec['target'] : undefined;
    const target = isRecord(given) ? given : {};
    if (target['creationPolicy'] === 'None') return [];
    const said = textOf(target['name']);
    const name = said || textOf(object.metadata?.name);
    const found = nameReference(
      'Secret',
      namespaceOf(object),
      name,
      said === '' ? 'metadata.name' : 'spec.target.name',
    );
    return found === undefined ? [] : [found];
  },
};
