/** Hosts outside that the mesh knows by a ServiceEntry. */
import type { Reference, Relation } from '../../../types.ts';
import { fieldsOf } from '../../define.ts';
import { fieldPath, textOf } from '../../field-path.ts';
import { hostReference } from './istio-host.ts';

const HOSTS = fieldPath('spec.hosts[]');

export const hostServiceEntry: Relation = {
  id: 'host-service-entry',
  rows: [66],
  verb: 'is known by',
  sources: ['ServiceEntry.networking.istio.io'],
  class: 'routes',
  strength: 'hard',
  inverse: true,
  fields: fieldsOf([HOSTS]),
  references(object) {
    const found: Reference[] = [];
    HOSTS.each(object, (value, path) => {
      const reference = hostReference(textOf(value), '', path);
      if (reference?.kind === '~Host') found.push(reference);
    });
    return found;
  },
};
