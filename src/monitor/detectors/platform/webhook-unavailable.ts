/** An admission webhook that nobody answers. With the failure policy Fail, what it is asked about fails with it. */
import type { WebhooksFacts } from '../../../graph/facts.ts';
import { mutatingWebhooks, validatingWebhooks } from '../../../graph/project/webhooks.ts';
import type { Detector, Found, Severity } from '../../types.ts';
import { because, CRITICAL, MINOR, POD, WARNING } from '../workloads/reading/pods.ts';
import { MINUTE } from '../workloads/reading/times.ts';
import { everywhere, onKind } from './reading/on-kind.ts';
import { answerOf, WORKLOADS } from './reading/services.ts';

type Webhook = WebhooksFacts['webhooks'][number];

const KINDS = [mutatingWebhooks, validatingWebhooks];
/** Without them nothing starts. */
const VITAL = /^(\*|\*\/\*|pods(\/.*)?|nodes|namespaces|deployments|replicasets|leases)$/;

export const webhookUnavailable: Detector = onKind(KINDS, {
  id: 'webhook-unavailable',
  reads: ['Service', POD, ...WORKLOADS],
  affected(changed, view) {
    // They are few, but pods change all the time: only those behind a Service that a webhook is answered by matter.
    if (changed.kind !== POD)
      return everywhere(
        KINDS.map(({ kind }) => kind),
        view,
      );
    const found: number[] = [];
    view.in(changed.id, (service, { relation }) => {
      if (relation.id !== 'service-pod') return undefined;
      view.in(service, (source, why) => {
        if (why.relation.id === 'webhook-service') found.push(source);
        return undefined;
      });
      return undefined;
    });
    return found;
  },
  look({ facts, view }) {
    const byService = new Map<string, Webhook[]>();
    for (const webhook of facts.webhooks) {
      const { namespace, name } = webhook.service;
      if (name === '') continue;
      const key = `${namespace}/${name}`;
      byService.set(key, [...(byService.get(key) ?? []), webhook]);
    }
    return [...byService].flatMap(([key, webhooks]): Found[] => {
      const [first] = webhooks;
      if (first === undefined) return [];
      const answer = answerOf(first.service.namespace, first.service.name, view);
      if (answer.answers) return [];
      const refusing = webhooks.filter(({ failurePolicy }) => failurePolicy === 'Fail');
      const asked = refusing.length > 0 ? refusing : webhooks;
      const resources = [...new Set(asked.flatMap((webhook) => webhook.resources))];
      return [
        {
          key,
          severity: severityOf(refusing),
          title: `${answer.says}: ${refusing.length > 0 ? 'requests fail' : 'it is passed over'} for ${resources.slice(0, 4).join(', ') || 'nothing'}`,
          evidence: [
            `${answer.says}`,
            ...asked
              .slice(0, 3)
              .map(
                ({ name, failurePolicy, operations }) =>
                  `webhook ${name}: failurePolicy ${failurePolicy}, ${operations.join(', ')}`,
              ),
          ],
          holdMs: MINUTE,
          ...because(answer.cause),
        },
      ];
    });
  },
});

function severityOf(refusing: readonly Webhook[]): Severity {
  if (refusing.length === 0) return MINOR;
  return refusing.some(({ resources }) => resources.some((resource) => VITAL.test(resource))) ? CRITICAL : WARNING;
}
