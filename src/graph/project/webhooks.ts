import type { WebhooksFacts } from '../facts.ts';
import type { KindKey, KindProjection } from '../types.ts';
import { defineKind } from './define-kind.ts';
import { dict, has, list, numberOr, text, words } from './read.ts';
import { serviceReference } from './service-reference.ts';

export const validatingWebhooks = webhooksKind('ValidatingWebhookConfiguration.admissionregistration.k8s.io');
export const mutatingWebhooks = webhooksKind('MutatingWebhookConfiguration.admissionregistration.k8s.io');

/** The server's default where a webhook does not say. */
const DEFAULT_TIMEOUT_S = 10;

function webhooksKind(kind: KindKey): KindProjection<WebhooksFacts> {
  return defineKind<WebhooksFacts>({
    kind,
    depth: 'object',
    fields: [
      'webhooks.name',
      'webhooks.failurePolicy',
      'webhooks.timeoutSeconds',
      'webhooks.clientConfig.service',
      'webhooks.rules',
      'webhooks.namespaceSelector',
      'webhooks.objectSelector',
    ],
    project: (object) => ({ webhooks: list(object['webhooks']).map(webhookOf) }),
    health: () => 'ok',
  });
}

function webhookOf(value: unknown): WebhooksFacts['webhooks'][number] {
  const webhook = dict(value);
  const rules = list(webhook['rules']).map(dict);
  return {
    name: text(webhook['name']),
    failurePolicy: text(webhook['failurePolicy']) || 'Fail',
    timeout: numberOr(webhook['timeoutSeconds'], DEFAULT_TIMEOUT_S),
    service: serviceReference(dict(webhook['clientConfig'])['service']),
    groups: ofRules(rules, 'apiGroups'),
    resources: ofRules(rules, 'resources'),
    operations: ofRules(rules, 'operations'),
    narrowed: selects(webhook['namespaceSelector']) || selects(webhook['objectSelector']),
  };
}

function ofRules(rules: readonly ReturnType<typeof dict>[], field: string): string[] {
  return [...new Set(rules.flatMap((rule) => words(rule[field])))];
}

function selects(value: unknown): boolean {
  const { matchLabels, matchExpressions } = dict(value);
  return (has(matchLabels) && Object.keys(dict(matchLabels)).length > 0) || list(matchExpressions).length > 0;
}
