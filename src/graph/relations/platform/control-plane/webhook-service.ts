/** Who answers an admission webhook. Where its failure policy is Fail, what it is asked about fails with it. */
import type { Reference, Relation } from '../../../types.ts';
import { fieldsOf, nameReference } from '../../define.ts';
import { fieldPath, isRecord, textOf } from '../../field-path.ts';

const WEBHOOKS = fieldPath('webhooks[]');

export const webhookService: Relation = {
  id: 'webhook-service',
  rows: [53],
  verb: 'is answered by',
  sources: ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'].map(
    (kind) => `${kind}.admissionregistration.k8s.io`,
  ),
  class: 'dependsOn',
  strength: 'hard',
  fields: [...fieldsOf([fieldPath('webhooks.clientConfig.service')]), 'webhooks.failurePolicy', 'webhooks.name'],
  references(object) {
    const found: Reference[] = [];
    WEBHOOKS.each(object, (webhook, where) => {
      const config = isRecord(webhook) ? webhook['clientConfig'] : undefined;
      const service = isRecord(config) ? config['service'] : undefined;
      if (!isRecord(webhook) || !isRecord(service)) return;
      const reference = nameReference(
        'Service',
        textOf(service['namespace']),
        textOf(service['name']),
        `${where}.clientConfig.service.name`,
        { strength: webhook['failurePolicy'] === 'Ignore' ? 'soft' : undefined },
      );
      if (reference !== undefined) found.push(reference);
    });
    return found;
  },
};
