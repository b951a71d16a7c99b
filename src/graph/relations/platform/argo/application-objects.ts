/** What an Application of Argo CD put here. What it put into another cluster is not of this one. */
import { kindKeyOf } from '../../../kind-key.ts';
import type { Reference, Relation } from '../../../types.ts';
import { fieldsOf } from '../../define.ts';
import { fieldPath, isRecord, textOf } from '../../field-path.ts';

const RESOURCES = fieldPath('status.resources[]');
const DESTINATION = fieldPath('spec.destination');

export const applicationObjects: Relation = {
  id: 'application-objects',
  rows: [61],
  verb: 'was put here by',
  sources: ['Application.argoproj.io'],
  class: 'ownedBy',
  strength: 'ownership',
  inverse: true,
  fields: fieldsOf([RESOURCES, DESTINATION]),
  references(object) {
    let here = false;
    DESTINATION.each(object, (value) => {
      here = isRecord(value) && isHere(textOf(value['server']), textOf(value['name']));
    });
    if (!here) return [];
    const found: Reference[] = [];
    RESOURCES.each(object, (value, path) => {
      if (!isRecord(value)) return;
      const kind = textOf(value['kind']);
      const name = textOf(value['name']);
      // A status names what is wanted as well: what is not there is told by its sync status, not as something that is missing.
      if (kind === '' || name === '') return;
      const namespace = textOf(value['namespace']);
      found.push({
        by: 'name',
        kind: kindKeyOf(textOf(value['group']), kind),
        namespace,
        name,
        path,
        optional: true,
      });
    });
    return found;
  },
};

/** Argo CD's name for the cluster it runs in. */
function isHere(server: string, name: string): boolean {
  return name === 'in-cluster' || (name === '' && /^https:\/\/kubernetes\.default\.svc(?::443)?\/?$/.test(server));
}
