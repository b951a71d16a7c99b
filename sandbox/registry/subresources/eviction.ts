/** pods/eviction: a delete that asks the PodDisruptionBudgets first. */
import { badRequest, forbidden, notFound } from '../../api/failure.ts';
import { type LabelSelectorObject, selectorOf } from '../../api/label-selector.ts';
import type { KubeObject } from '../../types.ts';
import { expectBody } from '../body/expect.ts';
import { disruptionRefused, plainFailure } from '../failures.ts';
import { deleteObject } from '../flows/delete.ts';
import { settleNamespace } from '../flows/prepare.ts';
import { liveOf, updateDraft } from '../flows/update.ts';
import { copyOf, ensureRecord, numberAt, recordAt, recordsAt, textAt, valueAt } from '../json.ts';
import { type Parts, storedIn, timestamp } from '../parts.ts';
import type { DeleteOptions, Target, WriteContext } from '../types.ts';
import { setCondition } from './binding.ts';
import { success } from './success.ts';

const BUDGETS = 'poddisruptionbudgets.policy';
/** What a budget remembers at most while its controller lags behind. */
const MAX_DISRUPTED = 2000;

export function evictPod(parts: Parts, target: Target, body: unknown, context: WriteContext): KubeObject {
  const expected = {
    group: 'policy',
    version: 'v1',
    kind: 'Eviction',
    origin: 'builtin',
    also: ['policy/v1beta1'],
  } as const;
  const eviction = expectBody(body, expected, parts.kinds);
  settleNamespace(eviction, target);
  const { resource, name } = target;
  if (eviction.metadata.name !== name) throw badRequest('name in URL does not match name in Eviction object');
  const options = optionsOf(eviction);
  const pod = liveOf(parts, target);
  if (pod === undefined) throw notFound(resource, name);
  const writes = { ...context, dryRun: context.dryRun || isDryRun(eviction) };
  if (!isBeyondBudgets(pod)) askBudget(parts, pod, writes);
  markAndDelete(parts, target, pod, options, writes);
  return success();
}

function optionsOf(eviction: KubeObject): DeleteOptions {
  const sent = recordAt(eviction, 'deleteOptions');
  const seconds = numberAt(sent, 'gracePeriodSeconds');
  const policy = sent['propagationPolicy'];
  const { uid, resourceVersion } = recordAt(sent, 'preconditions');
  return {
    ...(seconds === undefined ? {} : { gracePeriodSeconds: seconds }),
    ...(policy === 'Orphan' || policy === 'Background' || policy === 'Foreground' ? { propagationPolicy: policy } : {}),
    preconditions: {
      ...(typeof uid === 'string' ? { uid } : {}),
      ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
    },
  };
}

function isDryRun(eviction: KubeObject): boolean {
  const { dryRun } = recordAt(eviction, 'deleteOptions');
  return Array.isArray(dryRun) && dryRun.includes('All');
}

/** Pods that serve nobody may go at any time. */
function isBeyondBudgets(pod: KubeObject): boolean {
  const phase = textAt(pod, 'status', 'phase');
  return ['Succeeded', 'Failed', 'Pending'].includes(phase) || pod.metadata.deletionTimestamp !== undefined;
}

function askBudget(parts: Parts, pod: KubeObject, context: WriteContext): void {
  const budgets = storedIn(parts, BUDGETS, pod.metadata.namespace).filter((budget) =>
    selectorOf(selectorIn(budget)).matches(pod.metadata.labels ?? {}),
  );
  const [budget] = budgets;
  if (budgets.length > 1) {
    throw plainFailure(
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  }
  if (budget === undefined || (!isReady(pod) && mayGoUnready(budget))) return;
  checkBudget(budget);
  if (context.dryRun) return;
  const { namespace = '', name } = budget.metadata;
  const now = timestamp(parts.clock.now());
  parts.updateStatus(BUDGETS, namespace, name, (draft) => {
    const status = ensureRecord(draft, 'status');
    status['disruptionsAllowed'] = (numberAt(status, 'disruptionsAllowed') ?? 0) - 1;
    ensureRecord(status, 'disruptedPods')[pod.metadata.name] = now;
  });
}

/** A stored budget was validated, so that its selector is one. */
const selectorIn = (budget: KubeObject) =>
  valueAt(budget, 'spec', 'selector') as LabelSelectorObject | null | undefined;

const isReady = (pod: KubeObject) =>
  recordsAt(pod, 'status', 'conditions').some(({ type, status }) => type === 'Ready' && status === 'True');

function mayGoUnready(budget: KubeObject): boolean {
  if (textAt(budget, 'spec', 'unhealthyPodEvictionPolicy') === 'AlwaysAllow') return true;
  const desired = numberAt(budget, 'status', 'desiredHealthy') ?? 0;
  return desired > 0 && (numberAt(budget, 'status', 'currentHealthy') ?? 0) >= desired;
}

function checkBudget(budget: KubeObject): void {
  const { name, generation = 0 } = budget.metadata;
  if ((numberAt(budget, 'status', 'observedGeneration') ?? 0) < generation) {
    throw disruptionRefused(`The disruption budget ${name} is still being processed by the server.`, 10);
  }
  const allowed = numberAt(budget, 'status', 'disruptionsAllowed') ?? 0;
  const resource = { plural: 'poddisruptionbudget', group: 'policy' };
  if (allowed < 0) throw forbidden(resource, name, 'pdb disruptions allowed is negative');
  if (Object.keys(recordAt(budget, 'status', 'disruptedPods')).length > MAX_DISRUPTED) {
    const why = 'DisruptedPods map too big - too many evictions not confirmed by PDB controller';
    throw forbidden(resource, name, why);
  }
  if (allowed === 0) throw disruptionRefused(whyNone(budget), 0);
}

function whyNone(budget: KubeObject): string {
  const { name } = budget.metadata;
  const condition = recordsAt(budget, 'status', 'conditions').find(({ type }) => type === 'DisruptionAllowed');
  const message = condition?.['status'] === 'False' ? textAt(condition, 'message') : '';
  const reason = textAt(condition, 'reason');
  const healthy = numberAt(budget, 'status', 'currentHealthy') ?? 0;
  const desired = numberAt(budget, 'status', 'desiredHealthy') ?? 0;
  if (message !== '' && reason === 'SyncFailed') {
    return `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${message}`;
  }
  if (healthy <= desired)
    return `The disruption budget ${name} needs ${desired} healthy pods and has ${healthy} currently`;
  const said = message === '' ? '' : ` (${reason}): ${message}`;
  return `The disruption budget ${name} does not allow evicting pods currently${said}`;
}

function markAndDelete(
  parts: Parts,
  target: Target,
  pod: KubeObject,
  options: DeleteOptions,
  context: WriteContext,
): void {
  const main: Target = {
    resource: target.resource,
    version: target.version,
    namespace: target.namespace,
    name: target.name,
  };
  let { resourceVersion } = options.preconditions ?? {};
  if (!context.dryRun && (resourceVersion === undefined || resourceVersion === pod.metadata.resourceVersion)) {
    const draft = copyOf(pod);
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'EvictionByEvictionAPI',
      message: 'Eviction API: evicting',
    };
    setCondition(ensureRecord(draft, 'status'), condition, timestamp(parts.clock.now()));
    const marked = updateDraft(parts, { ...main, subresource: 'status' }, pod, draft, context);
    if (resourceVersion !== undefined) resourceVersion = marked.metadata.resourceVersion;
  }
  const { uid } = options.preconditions ?? {};
  const preconditions = {
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
  deleteObject(parts, main, { ...options, preconditions }, context);
}
