/**
 * Argo CD writes on each object which Application it is of: `namespace_name:group/Kind:namespace/name`. Without a namespace the Application is
 * in Argo CD's own, which is not said here: those edges come from the Application's status.
 */
import type { Relation } from '../../../types.ts';
import { nameReference } from '../../define.ts';
import { textOf } from '../../field-path.ts';

const ANNOTATION = 'argocd.argoproj.io/tracking-id';

export const trackedObject: Relation = {
  id: 'tracked-object',
  rows: [61],
  verb: 'was put here by',
  sources: 'any',
  class: 'ownedBy',
  strength: 'ownership',
  fields: [],
  references(object, resource) {
    const id = textOf(object.metadata?.annotations?.[ANNOTATION]);
    if (id === '') return [];
    const [application = '', kind = '', place = ''] = id.split(':', 3);
    const underscore = application.indexOf('_');
    // Copies (of a ReplicaSet's pods, of a chart) carry the annotation of another object.
    if (underscore <= 0 || kind !== `${resource.group}/${resource.kind}`) return [];
    if (place.slice(place.indexOf('/') + 1) !== object.metadata?.name) return [];
    const found = nameReference(
      'Application.argoproj.io',
      application.slice(0, underscore),
      application.slice(underscore + 1),
      `metadata.annotations[${ANNOTATION}]`,
    );
    return found === undefined ? [] : [found];
  },
};
