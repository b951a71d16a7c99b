/** References into another namespace hold where that one grants them. Any grant there may be the one: which kinds it names is told by the route's own status. */
import type { Reference, Relation } from '../../../types.ts';
import { fieldsOf, namespaceOf } from '../../define.ts';
import { fieldPath, isRecord, textOf } from '../../field-path.ts';

const PATHS = [
  'spec.rules[].backendRefs[]',
  'spec.listeners[].tls.certificateRefs[]',
  'spec.listeners[].tls.frontendValidation.caCertificateRefs[]',
].map(fieldPath);

export const referenceGrant: Relation = {
  id: 'reference-grant',
  rows: [17],
  verb: 'may reach across by',
  sources: ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute', 'Gateway', 'ListenerSet'].map(
    (kind) => `${kind}.gateway.networking.k8s.io`,
  ),
  class: 'uses',
  strength: 'soft',
  fields: fieldsOf(PATHS),
  references(object) {
    const found = new Map<string, Reference>();
    const own = namespaceOf(object);
    for (const path of PATHS) {
      path.each(object, (value, where) => {
        const namespace = isRecord(value) ? textOf(value['namespace']) : '';
        if (namespace === '' || namespace === own || found.has(namespace)) return;
        found.set(namespace, {
          by: 'selector',
          kind: 'ReferenceGrant.gateway.networking.k8s.io',
          namespace,
          selector: [],
          path: `${where}.namespace`,
        });
      });
    }
    return [...found.values()];
  },
};
