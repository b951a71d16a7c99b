/** cert-manager writes the authority of webhooks, aggregated APIs and conversions from a certificate: without it they are not believed. */
import type { Reference, Relation } from '../../../types.ts';
import { nameReference } from '../../define.ts';
import { textOf } from '../../field-path.ts';

const ANNOTATIONS = [
  { key: 'cert-manager.io/inject-ca-from', kind: 'Certificate.cert-manager.io' },
  { key: 'cert-manager.io/inject-ca-from-secret', kind: 'Secret' },
];

export const authorityInjection: Relation = {
  id: 'authority-injection',
  rows: [64],
  verb: 'is trusted by',
  sources: [
    'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
    'MutatingWebhookConfiguration.admissionregistration.k8s.io',
    'APIService.apiregistration.k8s.io',
    'CustomResourceDefinition.apiextensions.k8s.io',
  ],
  class: 'dependsOn',
  strength: 'hard',
  fields: [],
  references(object) {
    const found: Reference[] = [];
    for (const { key, kind } of ANNOTATIONS) {
      const [namespace = '', name = '', ...more] = textOf(object.metadata?.annotations?.[key]).split('/', 3);
      if (more.length > 0) continue;
      const reference = nameReference(kind, namespace, name, `metadata.annotations[${key}]`);
      if (reference !== undefined) found.push(reference);
    }
    return found;
  },
};
