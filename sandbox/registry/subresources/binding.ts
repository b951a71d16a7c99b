/** pods/binding: the scheduler's word, which node a pod runs on. */
import { badRequest, conflict, notFound } from '../../api/failure.ts';
import type { KubeObject } from '../../types.ts';
import { admit } from '../admission/admit.ts';
import { expectBody } from '../body/expect.ts';
import { plainFailure } from '../failures.ts';
import { settleNamespace } from '../flows/prepare.ts';
import { putObject } from '../flows/put-object.ts';
import { liveOf } from '../flows/update.ts';
import { isRecord, recordsAt, textAt } from '../json.ts';
import { type Parts, timestamp } from '../parts.ts';
import type { Target, WriteContext } from '../types.ts';
import { success } from './success.ts';

export function bindPod(parts: Parts, target: Target, body: unknown, context: WriteContext): KubeObject {
  const { resource, name, namespace } = target;
  const expected = { group: '', version: 'v1', kind: 'Binding', origin: 'builtin' } as const;
  const binding = expectBody(body, expected, parts.kinds);
  settleNamespace(binding, target);
  const attributes = {
    operation: 'create',
    resource,
    subresource: 'binding',
    namespace,
    name,
    object: binding,
    context,
  } as const;
  const finish = admit(attributes, parts, () => {
    if (name !== binding.metadata.name) throw badRequest('name in URL does not match name in Binding object');
    checkTarget(binding);
  });
  const live = liveOf(parts, target);
  if (live === undefined) throw notFound(resource, name);
  checkFree(live, binding);
  const draft = bound(live, binding, timestamp(parts.clock.now()));
  if (!context.dryRun) {
    // The real one writes past the keeping of managed fields here.
    putObject(parts, resource, draft);
    finish();
  }
  return success();
}

function checkTarget(binding: KubeObject): void {
  const kind = textAt(binding, 'target', 'kind');
  const problems: string[] = [];
  if (kind !== '' && kind !== 'Node') {
    problems.push(`target.kind: Unsupported value: ${JSON.stringify(kind)}: supported values: "Node", "<empty>"`);
  }
  if (textAt(binding, 'target', 'name') === '') problems.push('target.name: Required value');
  if (problems.length > 0) throw plainFailure(problems.length === 1 ? problems.join('') : `[${problems.join(', ')}]`);
}

function checkFree(pod: KubeObject, { metadata }: KubeObject): void {
  const { name } = pod.metadata;
  const refuse = (why: string) => conflict({ plural: 'pods/binding', group: '' }, name, why);
  if (metadata.uid && metadata.uid !== pod.metadata.uid) {
    throw refuse(`Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${pod.metadata.uid}`);
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  }
  const node = textAt(pod, 'spec', 'nodeName');
  if (node !== '') throw refuse(`pod ${name} is already assigned to node ${JSON.stringify(node)}`);
  if (recordsAt(pod, 'spec', 'schedulingGates').length > 0) {
    throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
  }
}

function bound(live: KubeObject, binding: KubeObject, now: string): KubeObject {
  const { spec, status: before } = live;
  const pod: KubeObject = { ...live, metadata: { ...live.metadata } };
  pod['spec'] = { ...(isRecord(spec) ? spec : {}), nodeName: textAt(binding, 'target', 'name') };
  const { annotations, labels } = binding.metadata;
  if (annotations !== undefined) pod.metadata.annotations = { ...pod.metadata.annotations, ...annotations };
  if (labels !== undefined) pod.metadata.labels = { ...pod.metadata.labels, ...labels };
  const status = isRecord(before) ? { ...before } : {};
  pod['status'] = status;
  delete status['nominatedNodeName'];
  setCondition(status, { type: 'PodScheduled', status: 'True' }, now);
  return pod;
}

/** As `UpdatePodCondition`: the time is that of the last change of the status. */
export function setCondition(
  status: Record<string, unknown>,
  condition: { type: string; status: string; reason?: string; message?: string },
  now: string,
): void {
  const conditions = recordsAt(status, 'conditions');
  const old = conditions.find(({ type }) => type === condition.type);
  const changed = old?.['status'] !== condition.status;
  const next = {
    type: condition.type,
    status: condition.status,
    lastProbeTime: null,
    lastTransitionTime: changed ? now : (old?.['lastTransitionTime'] ?? now),
    ...(condition.reason === undefined ? {} : { reason: condition.reason }),
    ...(condition.message === undefined ? {} : { message: condition.message }),
  };
  status['conditions'] =
    old === undefined ? [...conditions, next] : conditions.map((one) => (one === old ? next : one));
}
