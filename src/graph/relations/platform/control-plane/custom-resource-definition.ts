/** An object of a custom kind is read, written and converted by its definition. */
import type { Relation } from '../../../types.ts';
import { nameReference } from '../../define.ts';
import { isCustomGroup } from './custom-groups.ts';

export const customResourceDefinition: Relation = {
  id: 'custom-resource-definition',
  rows: [57],
  verb: 'is defined by',
  sources: 'any',
  custom: true,
  class: 'dependsOn',
  strength: 'hard',
  fields: [],
  references(_object, resource) {
    if (!isCustomGroup(resource.group)) return [];
    const name = `${resource.resource}.${resource.group}`;
    const found = nameReference('CustomResourceDefinition.apiextensions.k8s.io', '', name, 'apiVersion');
    return found === undefined ? [] : [found];
  },
};
