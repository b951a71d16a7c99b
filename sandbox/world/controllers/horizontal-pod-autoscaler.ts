/** HorizontalPodAutoscalers: the size of a workload follows what its pods use. */

import type { Kinds } from '../../kinds/types.ts';
import { copyJson } from '../../registry/json.ts';
import type { KubeObject, ResourceId } from '../../types.ts';
import { rfc3339 } from '../timestamps.ts';
import type { Controller, Machine } from '../types.ts';
import { type History, normalize } from './autoscaling/limits.ts';
import { metricsOf, proposalOf } from './autoscaling/metrics.ts';
import { AUTOSCALERS, type Autoscaler, MetricFailure, type Proposal, type Usage } from './autoscaling/shapes.ts';
import { setCondition } from './kit/conditions.ts';
import { managed, splitKey } from './kit/keys.ts';
import { groupOf } from './kit/owners.ts';
import { isTerminating } from './kit/pods.ts';
import { selects, selectsExactly } from './kit/selector.ts';
import type { Condition, LabelSelector, Pod } from './kit/shapes.ts';

/** kube-controller-manager's --horizontal-pod-autoscaler-sync-period. */
const PERIOD_MS = 15_000;

interface Target extends KubeObject {
  spec?: { replicas?: number; selector?: LabelSelector | Record<string, string> };
  status?: { replicas?: number };
}

interface AutoscalerParts {
  kinds: Kinds;
  usage: Usage;
}

interface Round {
  hpa: Autoscaler;
  machine: Machine;
  conditions: Condition[];
  status: NonNullable<Autoscaler['status']>;
}

export function horizontalPodAutoscaler({ kinds, usage }: AutoscalerParts): Controller {
  const histories = new Map<string, History>();
  return {
    ...managed('horizontal-pod-autoscaler'),
    watches: {
      [AUTOSCALERS]: ({ type, version, ...event }) => {
        // Its own status is no news: it would run without end.
        const generation = (object: KubeObject) => JSON.stringify(object['spec']);
        const before = 'previous' in event && type === 'MODIFIED' ? event.previous.body.object() : undefined;
        if (before !== undefined && generation(before) === generation(version.body.object())) return [];
        return [`${version.namespace}/${version.name}`];
      },
    },
    reconcile(key, machine) {
      const { namespace, name } = splitKey(key);
      const hpa = machine.get<Autoscaler>(AUTOSCALERS, namespace, name);
      if (hpa === undefined || isTerminating(hpa)) {
        histories.delete(key);
        return undefined;
      }
      const history = histories.get(key) ?? { recommendations: [], changes: [] };
      histories.set(key, history);
      const round: Round = {
        hpa,
        machine,
        conditions: copyJson(hpa.status?.conditions ?? []),
        status: { ...hpa.status, observedGeneration: hpa.metadata.generation },
      };
      scale(round, history, kinds, usage);
      machine.modify<Autoscaler>(
        AUTOSCALERS,
        namespace,
        name,
        (draft) => {
          draft.status = { ...round.status, conditions: round.conditions };
        },
        'status',
      );
      return PERIOD_MS;
    },
  };
}

/** The newest ones come first, as the real controller has them. */
function say(round: Round, type: string, status: 'True' | 'False', reason: string, message: string): void {
  const lastTransitionTime = rfc3339(round.machine.clock.now());
  round.conditions = setCondition(round.conditions, { type, status, lastTransitionTime, reason, message });
}

function scale(round: Round, history: History, kinds: Kinds, usage: Usage): void {
  const { hpa, machine } = round;
  const found = findTarget(round, kinds);
  if (found === undefined) return;
  const { target, resource } = found;
  say(
    round,
    'AbleToScale',
    'True',
    'SucceededGetScale',
    "the HPA controller was able to get the target's current scale",
  );
  const current = target.spec?.replicas ?? 1;
  const { minReplicas = 1, maxReplicas } = hpa.spec;
  const observed = target.status?.replicas ?? 0;
  if (current === 0) {
    say(
      round,
      'ScalingActive',
      'False',
      'ScalingDisabled',
      'scaling is disabled since the replica count of the target is zero',
    );
    round.status = { ...round.status, currentReplicas: observed, desiredReplicas: 0 };
    return;
  }
  let desired: number;
  let reason: string;
  if (current > maxReplicas) {
    desired = maxReplicas;
    reason = 'Current number of replicas above Spec.MaxReplicas';
  } else if (current < minReplicas) {
    desired = minReplicas;
    reason = 'Current number of replicas below Spec.MinReplicas';
  } else {
    const proposal = measure(round, target, observed, usage);
    if (proposal === undefined) {
      round.status = { ...round.status, currentReplicas: observed, desiredReplicas: round.status.desiredReplicas ?? 0 };
      return;
    }
    reason = proposal.replicas > current ? `${proposal.metric} above target` : 'All metrics below target';
    const now = machine.clock.now();
    const normal = normalize(hpa, current, proposal.replicas, history, now);
    say(round, 'AbleToScale', 'True', normal.able.reason, normal.able.message);
    const { is, reason: why, message } = normal.limited;
    say(round, 'ScalingLimited', is ? 'True' : 'False', why, message);
    desired = normal.replicas;
  }
  round.status = { ...round.status, currentReplicas: observed, desiredReplicas: desired };
  if (desired === current) return;
  machine.modify<Target>(resource, hpa.metadata.namespace ?? '', target.metadata.name, (draft) => {
    draft.spec = { ...draft.spec, replicas: desired };
  });
  history.changes = [...history.changes.slice(-100), { at: machine.clock.now(), by: desired - current }];
  const text = `the HPA controller was able to update the target scale to ${desired}`;
  say(round, 'AbleToScale', 'True', 'SucceededRescale', text);
  machine.event(hpa, 'Normal', 'SuccessfulRescale', `New size: ${desired}; reason: ${reason}`);
  round.status.lastScaleTime = rfc3339(machine.clock.now());
}

function findTarget(round: Round, kinds: Kinds): { target: Target; resource: ResourceId } | undefined {
  const { hpa, machine } = round;
  const { apiVersion = 'apps/v1', kind, name } = hpa.spec.scaleTargetRef;
  const served = kinds.byKind(groupOf(apiVersion), apiVersion.slice(apiVersion.indexOf('/') + 1), kind);
  const resource = served?.resource.id;
  const target = resource === undefined ? undefined : machine.get<Target>(resource, hpa.metadata.namespace ?? '', name);
  if (target !== undefined && resource !== undefined) return { target, resource };
  const why =
    resource === undefined
      ? `no matches for kind "${kind}" in group "${groupOf(apiVersion)}"`
      : `${resource} "${name}" not found`;
  machine.event(hpa, 'Warning', 'FailedGetScale', why);
  const text = `the HPA controller was unable to get the target's current scale: ${why}`;
  say(round, 'AbleToScale', 'False', 'FailedGetScale', text);
  return undefined;
}

function podsOf(target: Target, machine: Machine): readonly Pod[] {
  const selector = target.spec?.selector;
  const isMap = target.kind === 'ReplicationController';
  return machine.list<Pod>('pods', target.metadata.namespace).filter(({ metadata }) => {
    // A ReplicationController's selector is a map, all others' a LabelSelector.
    if (isMap) return selectsExactly((selector ?? {}) as Record<string, string>, metadata.labels);
    return selects(selector as LabelSelector | undefined, metadata.labels);
  });
}

/** The highest that a metric asks for; undefined when too little is known to act. */
function measure(round: Round, target: Target, replicas: number, usage: Usage): Proposal | undefined {
  const { hpa, machine } = round;
  const namespace = hpa.metadata.namespace ?? '';
  const pods = podsOf(target, machine);
  const failures: MetricFailure[] = [];
  const statuses: unknown[] = [];
  let best: Proposal | undefined;
  const metrics = metricsOf(hpa);
  for (const metric of metrics) {
    try {
      const proposal = proposalOf(metric, { pods, replicas, usage, namespace });
      statuses.push(proposal.status);
      if (best === undefined || proposal.replicas > best.replicas) best = proposal;
    } catch (error) {
      if (!(error instanceof MetricFailure)) throw error;
      machine.event(hpa, 'Warning', error.reason, error.message);
      failures.push(error);
      // The real controller lists what it could not measure, too, with nothing in it.
      statuses.push({ type: '' });
    }
  }
  round.status.currentMetrics = statuses.length === 0 ? null : statuses;
  const [first] = failures;
  const current = target.spec?.replicas ?? 1;
  if (first !== undefined && (best === undefined || best.replicas < current)) {
    const text = `the HPA was unable to compute the replica count: ${first.message}`;
    say(round, 'ScalingActive', 'False', first.reason, text);
    const all = `invalid metrics (${failures.length} invalid out of ${metrics.length}), first error is: ${first.outer}: ${first.message}`;
    machine.event(hpa, 'Warning', 'FailedComputeMetricsReplicas', all);
    return undefined;
  }
  if (best === undefined) return undefined;
  const text = `the HPA was able to successfully calculate a replica count from ${best.metric}`;
  say(round, 'ScalingActive', 'True', 'ValidMetricFound', text);
  return best;
}
