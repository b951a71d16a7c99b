/** What a composite resource is composed of. Those parts are owned by it as well; this is the way back: it is as ready as they are. */
import { kindKeyOfApiVersion } from '../../../kind-key.ts';
import type { Reference, Relation } from '../../../types.ts';
import { fieldsOf, namespaceOf } from '../../define.ts';
import { fieldPath, isRecord, textOf } from '../../field-path.ts';
import { COMPOSED_FIELDS, isComposed } from './composed.ts';

const PATHS = ['spec.resourceRefs[]', 'spec.crossplane.resourceRefs[]'].map(fieldPath);

export const compositeParts: Relation = {
  id: 'composite-parts',
  rows: [63],
  verb: 'is composed of',
  sources: 'any',
  custom: true,
  class: 'dependsOn',
  strength: 'hard',
  fields: [...new Set([...COMPOSED_FIELDS, ...fieldsOf(PATHS)])],
  references(object, resource) {
    if (!isComposed(object, resource)) return [];
    const found: Reference[] = [];
    for (const path of PATHS) {
      path.each(object, (value, where) => {
        if (!isRecord(value)) return;
        const kind = textOf(value['kind']);
        const name = textOf(value['name']);
        if (kind === '' || name === '') return;
        // Composites of a namespace compose within it; those of the cluster say where, or compose cluster-scoped kinds.
        const namespace = textOf(value['namespace']) || namespaceOf(object);
        const key = kindKeyOfApiVersion(textOf(value['apiVersion']), kind);
        found.push({ by: 'name', kind: key, namespace, name, path: `${where}.name` });
      });
    }
    return found;
  },
};
