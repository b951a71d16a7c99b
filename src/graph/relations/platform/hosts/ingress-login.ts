/** The Service that an Ingress asks whether a request may pass. */
import type { Reference, Relation } from '../../../types.ts';
import { namespaceOf } from '../../define.ts';
import { textOf } from '../../field-path.ts';
import { hostsInText } from './hosts-in-text.ts';

const ANNOTATION = 'nginx.ingress.kubernetes.io/auth-url';

export const ingressLogin: Relation = {
  id: 'ingress-login',
  rows: [74],
  verb: 'asks for logins at',
  sources: ['Ingress.networking.k8s.io'],
  class: 'connects',
  strength: 'hard',
  fields: [],
  references(object) {
    const url = textOf(object.metadata?.annotations?.[ANNOTATION]);
    if (url === '') return [];
    // The controller that calls it lives in another namespace: short names are not of this one.
    return hostsInText('auth-url', url, '').map(
      ({ namespace, name }): Reference => ({
        by: 'name',
        kind: 'Service',
        namespace: namespace || namespaceOf(object),
        name,
        path: `metadata.annotations[${ANNOTATION}]`,
      }),
    );
  },
};
