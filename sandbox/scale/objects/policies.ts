/** What stands around a workload: autoscalers, disruption budgets, network policies, custom resources. */
import type { App } from '../plan/types.ts';
import type { Recipe } from '../stamp/bodies.ts';
import { timeText } from '../stamp/texts.ts';
import { managed } from './managed-fields.ts';
import { metadata } from './meta.ts';
import { commonLabels, portOf, selectorLabels } from './pod-spec.ts';

export interface AroundSource {
  app: App;
  uid: string;
  /** Pods of the workload when it was made. */
  replicas: number;
  ready: number;
}

interface Parts {
  apiVersion: string;
  kind: string;
  controller: string;
  spec: Record<string, unknown>;
  status?: Record<string, unknown>;
}

const identity = ({ app, uid }: AroundSource) => ({
  namespace: app.namespace,
  name: app.name,
  uid,
  labels: commonLabels(app),
});

function around({ app, uid }: AroundSource, revision: number, { apiVersion, kind, controller, spec, status }: Parts) {
  const labels = commonLabels(app);
  const created = timeText(app.created);
  return {
    apiVersion,
    kind,
    metadata: metadata({
      name: app.name,
      namespace: app.namespace,
      uid,
      revision,
      ...(kind === 'HorizontalPodAutoscaler' ? {} : { generation: 1 }),
      created,
      labels,
      managedFields: [
        managed('helm', apiVersion, created, { metadata: { labels }, spec }),
        ...(status === undefined ? [] : [managed(controller, apiVersion, created, { status }, 'status')]),
      ],
    }),
    spec,
    ...(status === undefined ? {} : { status }),
  };
}

const CONTROLLERS = 'kube-controller-manager';

export const AUTOSCALER: Recipe<AroundSource> = {
  resource: 'horizontalpodautoscalers.autoscaling',
  identity,
  make(source, revision) {
    const { app, replicas } = source;
    const at = timeText(app.created);
    const condition = (type: string, status: string, reason: string, message: string) => ({
      type,
      status,
      lastTransitionTime: at,
      reason,
      message,
    });
    return around(source, revision, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      controller: CONTROLLERS,
      spec: {
        scaleTargetRef: { kind: 'Deployment', name: app.name, apiVersion: 'apps/v1' },
        minReplicas: Math.max(1, Math.floor(replicas / 2)),
        maxReplicas: replicas * 3,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
        ],
      },
      status: {
        currentReplicas: replicas,
        desiredReplicas: replicas,
        currentMetrics: [
          { type: 'Resource', resource: { name: 'cpu', current: { averageValue: '61m', averageUtilization: 61 } } },
        ],
        conditions: [
          condition('AbleToScale', 'True', 'ReadyForNewScale', 'recommended size matches current size'),
          condition(
            'ScalingActive',
            'True',
            'ValidMetricFound',
            'the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)',
          ),
          condition(
            'ScalingLimited',
            'False',
            'DesiredWithinRange',
            'the desired count is within the acceptable range',
          ),
        ],
      },
    });
  },
};

export const DISRUPTION_BUDGET: Recipe<AroundSource> = {
  resource: 'poddisruptionbudgets.policy',
  identity,
  make(source, revision) {
    const { app, replicas, ready } = source;
    const desired = Math.max(0, replicas - 1);
    const allowed = Math.max(0, ready - desired);
    const condition = {
      type: 'DisruptionAllowed',
      status: allowed > 0 ? 'True' : 'False',
      observedGeneration: 1,
      lastTransitionTime: timeText(app.created),
      reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
      message: '',
    };
    return around(source, revision, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      controller: CONTROLLERS,
      spec: { selector: { matchLabels: selectorLabels(app) }, maxUnavailable: 1 },
      status: {
        observedGeneration: 1,
        disruptionsAllowed: allowed,
        currentHealthy: ready,
        desiredHealthy: desired,
        expectedPods: replicas,
        conditions: [condition],
      },
    });
  },
};

export const NETWORK_POLICY: Recipe<AroundSource> = {
  resource: 'networkpolicies.networking.k8s.io',
  identity,
  make(source, revision) {
    const { app } = source;
    const sameProduct = { namespaceSelector: { matchLabels: { product: app.product } } };
    return around(source, revision, {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      controller: CONTROLLERS,
      spec: {
        podSelector: { matchLabels: selectorLabels(app) },
        ingress: [{ ports: [{ protocol: 'TCP', port: portOf(app) }], from: [sameProduct] }],
        policyTypes: ['Ingress'],
      },
    });
  },
};

export const CUSTOM_GROUP = 'platform.example.com';

/** Who is asked when a workload fails: a custom kind that refers to it. */
export const OWNERSHIP: Recipe<AroundSource> = {
  resource: `ownerships.${CUSTOM_GROUP}`,
  identity,
  make(source, revision) {
    const { app } = source;
    return around(source, revision, {
      apiVersion: `${CUSTOM_GROUP}/v1`,
      kind: 'Ownership',
      controller: 'ownership-operator',
      spec: {
        team: `team-${app.product}`,
        tier: (app.look % 3) + 1,
        workloadRef: { apiVersion: 'apps/v1', kind: app.kind, name: app.name },
      },
      status: {
        observedGeneration: 1,
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            reason: 'Found',
            message: 'The workload exists.',
            lastTransitionTime: timeText(app.created),
          },
        ],
      },
    });
  },
};
