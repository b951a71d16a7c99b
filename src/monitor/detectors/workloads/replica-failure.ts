/** Pods that cannot be created at all: a quota, a webhook, a ServiceAccount, a rule of the namespace. */
import { condition } from '../../../graph/project/conditions.ts';
import { workloadOf } from '../../../graph/project/workloads.ts';
import type { GraphNode, GraphView, NodeId } from '../../../graph/types.ts';
import type { DetectContext, Detector, Found } from '../../types.ts';
import { lookWith } from './reading/looking.ts';
import { missingIn } from './reading/named.ts';
import { DAEMON_SET, JOB, REPLICA_SET, STATEFUL_SET, workloadAbove } from './reading/owners.ts';
import { because, CRITICAL } from './reading/pods.ts';
import { lacksPods, refusedSince } from './reading/refusals.ts';
import { recent, told } from './reading/stories.ts';
import { SECOND, short, span } from './reading/times.ts';

const QUOTA = /exceeded quota: ([a-z0-9.-]{1,253})/;
const QUOTA_MUST = /failed quota: ([a-z0-9.-]{1,253})/;
const WEBHOOK_SERVICE = /failed calling webhook .{0,200}https:\/\/([a-z0-9-]{1,63})\.([a-z0-9-]{1,63})\.svc/;

export const replicaFailure: Detector = {
  id: 'replica-failure',
  class: 'incident',
  kinds: [REPLICA_SET, STATEFUL_SET, DAEMON_SET, JOB, 'ReplicationController'],
  reads: ['ResourceQuota', 'ServiceAccount', 'Service'],
  detect(node, context) {
    if (node.deleting !== undefined || !lacksPods(node)) return [];
    return lookWith(context, { node }, failureOf);
  },
};

function failureOf(seen: DetectContext & { node: GraphNode }): Found | undefined {
  const { node, view } = seen;
  const said = condition(workloadOf(node)?.conditions ?? [], 'ReplicaFailure');
  const failed = said?.status === 'True' ? said : undefined;
  const [event] = recent(node, seen, 'FailedCreate');
  const message = event?.message ?? failed?.message;
  if (message === undefined) return undefined;
  const { now } = seen;
  return {
    severity: CRITICAL,
    title: `its pods cannot be created: ${short(reasonIn(message), 160)}`,
    evidence: [
      ...(failed === undefined
        ? []
        : [
            `condition ReplicaFailure: ${failed.reason} for ${span(now - failed.since)}, ${short(failed.message, 240)}`,
          ]),
      ...(event === undefined ? [] : [told(event, now)]),
    ],
    ...refusedSince(node, event, view),
    holdMs: 20 * SECOND,
    ...because(causeIn(message, node, view)),
  };
}

/** Without the pod's name, which is another at each try. */
const reasonIn = (message: string) =>
  message
    .replace(/^(\(combined from similar events\): )?Error creating: /, '')
    .replace(/^pods? "[^"]{1,253}" is forbidden: /, '');

function causeIn(message: string, node: GraphNode, view: GraphView): NodeId | undefined {
  const quota = (QUOTA.exec(message) ?? QUOTA_MUST.exec(message))?.[1];
  if (quota !== undefined) return view.find('ResourceQuota', node.namespace, quota);
  const [, service, namespace] = WEBHOOK_SERVICE.exec(message) ?? [];
  if (service !== undefined && namespace !== undefined) return view.find('Service', namespace, service);
  return missingIn(message, node, view)?.id ?? workloadAbove(node.id, view)?.id;
}
