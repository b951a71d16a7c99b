/** Ingresses and Gateways ask for certificates by annotation. */
import type { Reference, Relation } from '../../../types.ts';
import { nameReference, namespaceOf } from '../../define.ts';
import { textOf } from '../../field-path.ts';

const ANNOTATIONS = [
  { key: 'cert-manager.io/issuer', kind: 'Issuer.cert-manager.io' },
  { key: 'cert-manager.io/cluster-issuer', kind: 'ClusterIssuer.cert-manager.io' },
];

export const annotatedIssuer: Relation = {
  id: 'annotated-issuer',
  rows: [64],
  verb: 'gets certificates from',
  sources: ['Ingress.networking.k8s.io', 'Gateway.gateway.networking.k8s.io'],
  class: 'dependsOn',
  strength: 'soft',
  fields: [],
  references(object) {
    const annotations = object.metadata?.annotations;
    if (annotations === undefined) return [];
    // Issuers of other groups are named beside it: their kinds are not ours to guess.
    if (annotations['cert-manager.io/issuer-group'] !== undefined) return [];
    const found: Reference[] = [];
    for (const { key, kind } of ANNOTATIONS) {
      const path = `metadata.annotations[${key}]`;
      const reference = nameReference(kind, namespaceOf(object), textOf(annotations[key]), path);
      if (reference !== undefined) found.push(reference);
    }
    return found;
  },
};
