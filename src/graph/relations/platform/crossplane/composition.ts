/** How a composite resource is made up. */
import type { Relation } from '../../../types.ts';
import { fieldsOf, nameReference } from '../../define.ts';
import { fieldPath, textOf } from '../../field-path.ts';
import { isComposed } from './composed.ts';

const PATHS = ['spec.compositionRef.name', 'spec.crossplane.compositionRef.name'].map(fieldPath);

export const composition: Relation = {
  id: 'composition',
  rows: [63],
  verb: 'is made up by',
  sources: 'any',
  custom: true,
  class: 'dependsOn',
  strength: 'hard',
  fields: fieldsOf(PATHS),
  references(object, resource) {
    if (!isComposed(object, resource)) return [];
    return PATHS.flatMap((path) => {
      const found: ReturnType<Relation['references']>[number][] = [];
      path.each(object, (value, where) => {
        const kind = 'Composition.apiextensions.crossplane.io';
        const reference = nameReference(kind, '', textOf(value), where);
        if (reference !== undefined) found.push(reference);
      });
      return found;
    });
  },
};
