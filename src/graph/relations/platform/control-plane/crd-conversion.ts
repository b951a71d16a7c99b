/** Who converts between the versions of a kind: without it none of its objects can be read. */
import { defineRelation } from '../../define.ts';

export const crdConversion = defineRelation(
  {
    id: 'crd-conversion',
    rows: [56],
    verb: 'is converted by',
    sources: ['CustomResourceDefinition.apiextensions.k8s.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.conversion.webhook.clientConfig.service', to: 'Service', across: true }],
);
