/** Deployments, ReplicaSets, StatefulSets and DaemonSets with the numbers of their pods. */
import type { App, Release } from '../plan/types.ts';
import type { Recipe } from '../stamp/bodies.ts';
import { timeText } from '../stamp/texts.ts';
import { managed, specFields } from './managed-fields.ts';
import { controlledBy, metadata } from './meta.ts';
import { CLAIM, commonLabels, selectorLabels, templateAnnotations, templateLabels, templateSpec } from './pod-spec.ts';

type Json = Record<string, unknown>;

export interface Counts {
  total: number;
  ready: number;
  /** Of the newest release. */
  updated: number;
  terminating: number;
}

/** A workload at one moment. */
export interface WorkloadSource {
  app: App;
  release: Release;
  replicas: number;
  generation: number;
  changed: number;
  counts: Counts;
}

const MANAGER = 'kube-controller-manager';
const API = 'apps/v1';

const identity = ({ app }: WorkloadSource) => ({
  namespace: app.namespace,
  name: app.name,
  uid: app.uid,
  labels: commonLabels(app),
});

function template(release: Release, added: Record<string, string> = {}): Json {
  return {
    metadata: { labels: { ...templateLabels(release), ...added }, annotations: templateAnnotations(release) },
    spec: templateSpec(release),
  };
}

/** A workload as Helm made it and its controller keeps its status. */
function workload(
  source: WorkloadSource,
  revision: number,
  spec: Json,
  status: Json,
  annotations: Record<string, string>,
) {
  const { app, generation, changed } = source;
  const helm = { 'meta.helm.sh/release-name': app.name, 'meta.helm.sh/release-namespace': app.namespace };
  return {
    apiVersion: API,
    kind: app.kind,
    metadata: metadata({
      name: app.name,
      namespace: app.namespace,
      uid: app.uid,
      revision,
      generation,
      created: timeText(app.created),
      labels: commonLabels(app),
      annotations: { ...annotations, ...helm },
      managedFields: [
        managed(
          'helm',
          API,
          timeText(source.release.created),
          { metadata: { annotations: helm, labels: commonLabels(app) } },
          undefined,
          specFields(source.release, app.kind, spec),
        ),
        managed(MANAGER, API, timeText(changed), { metadata: { annotations }, status }, 'status'),
      ],
    }),
    spec,
    status,
  };
}

export const DEPLOYMENT: Recipe<WorkloadSource> = {
  resource: 'deployments.apps',
  identity,
  make(source, revision) {
    const { app, release, replicas } = source;
    const spec = {
      replicas,
      selector: { matchLabels: selectorLabels(app) },
      template: template(release),
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    };
    const annotations = { 'deployment.kubernetes.io/revision': String(release.number) };
    return workload(source, revision, spec, deploymentStatus(source), annotations);
  },
};

function deploymentStatus({ app, release, replicas, generation, changed, counts }: WorkloadSource): Json {
  const { total, ready, updated, terminating } = counts;
  const available = ready >= replicas - Math.floor(replicas / 4);
  const complete = updated === replicas && total === replicas && ready === replicas;
  const stuck = release.fault !== 'none';
  const condition = (type: string, status: string, reason: string, message: string, at: number) => ({
    type,
    status,
    lastUpdateTime: timeText(changed),
    lastTransitionTime: timeText(at),
    reason,
    message,
  });
  const named = `ReplicaSet "${release.name}"`;
  return {
    observedGeneration: generation,
    ...some({ replicas: total, updatedReplicas: updated, readyReplicas: ready, availableReplicas: ready }),
    ...some({ unavailableReplicas: Math.max(0, Math.max(total, replicas) - ready) }),
    terminatingReplicas: terminating,
    conditions: [
      available
        ? condition(
            'Available',
            'True',
            'MinimumReplicasAvailable',
            'Deployment has minimum availability.',
            app.created,
          )
        : condition(
            'Available',
            'False',
            'MinimumReplicasUnavailable',
            'Deployment does not have minimum availability.',
            changed,
          ),
      stuck
        ? condition('Progressing', 'False', 'ProgressDeadlineExceeded', `${named} has timed out progressing.`, changed)
        : complete
          ? condition(
              'Progressing',
              'True',
              'NewReplicaSetAvailable',
              `${named} has successfully progressed.`,
              app.created,
            )
          : condition('Progressing', 'True', 'ReplicaSetUpdated', `${named} is progressing.`, app.created),
    ],
  };
}

/** Numbers that are not printed when they are zero. */
function some(numbers: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(numbers).filter(([, number]) => number !== 0));
}

export interface ReplicaSetSource {
  release: Release;
  replicas: number;
  /** Of its Deployment. */
  desired: number;
  generation: number;
  changed: number;
  total: number;
  ready: number;
}

const replicaSetLabels = (release: Release) => ({ ...templateLabels(release), 'pod-template-hash': release.hash });

export const REPLICA_SET: Recipe<ReplicaSetSource> = {
  resource: 'replicasets.apps',
  identity: ({ release }) => ({
    namespace: release.app.namespace,
    name: release.name,
    uid: release.uid,
    labels: replicaSetLabels(release),
  }),
  make({ release, replicas, desired, generation, changed, total, ready }, revision) {
    const { app, hash, number } = release;
    const hashed = { 'pod-template-hash': hash };
    const spec = {
      replicas,
      selector: { matchLabels: { ...selectorLabels(app), ...hashed } },
      template: template(release, hashed),
    };
    const status = {
      replicas: total,
      ...some({ fullyLabeledReplicas: total, readyReplicas: ready, availableReplicas: ready }),
      terminatingReplicas: 0,
      observedGeneration: generation,
    };
    const annotations = {
      'deployment.kubernetes.io/desired-replicas': String(desired),
      'deployment.kubernetes.io/max-replicas': String(desired + Math.ceil(desired / 4)),
      'deployment.kubernetes.io/revision': String(number),
    };
    const labels = replicaSetLabels(release);
    const owners = [controlledBy(API, 'Deployment', app.name, app.uid)];
    return {
      apiVersion: API,
      kind: 'ReplicaSet',
      metadata: metadata({
        name: release.name,
        namespace: app.namespace,
        uid: release.uid,
        revision,
        generation,
        created: timeText(release.created),
        labels,
        annotations,
        owners,
        managedFields: [
          managed(
            MANAGER,
            API,
            timeText(release.created),
            { metadata: { annotations, labels, ownerReferences: owners } },
            undefined,
            specFields(release, 'ReplicaSet', spec),
          ),
          managed(MANAGER, API, timeText(changed), { status }, 'status'),
        ],
      }),
      spec,
      status,
    };
  },
};

export const STATEFUL_SET: Recipe<WorkloadSource> = {
  resource: 'statefulsets.apps',
  identity,
  make(source, revision) {
    const { app, release, replicas, generation, counts } = source;
    const spec = {
      replicas,
      selector: { matchLabels: selectorLabels(app) },
      template: template(release),
      ...(app.hasClaims ? { volumeClaimTemplates: [claimTemplate(app)] } : {}),
      ...(app.hasService ? { serviceName: app.name } : {}),
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      revisionHistoryLimit: 10,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    };
    const name = `${app.name}-${release.hash}`;
    const status = {
      observedGeneration: generation,
      replicas: counts.total,
      ...some({ readyReplicas: counts.ready, currentReplicas: counts.total, updatedReplicas: counts.updated }),
      currentRevision: name,
      updateRevision: name,
      collisionCount: 0,
      availableReplicas: counts.ready,
    };
    return workload(source, revision, spec, status, {});
  },
};

export const CLAIM_SPEC = {
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '20Gi' } },
  storageClassName: 'fast',
  volumeMode: 'Filesystem',
};

function claimTemplate(app: App): Json {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: CLAIM, labels: selectorLabels(app) },
    spec: CLAIM_SPEC,
    status: { phase: 'Pending' },
  };
}

export const DAEMON_SET: Recipe<WorkloadSource> = {
  resource: 'daemonsets.apps',
  identity,
  make(source, revision) {
    const { app, release, generation, counts } = source;
    const { total, ready, updated } = counts;
    const spec = {
      selector: { matchLabels: selectorLabels(app) },
      template: template(release),
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      revisionHistoryLimit: 10,
    };
    const status = {
      currentNumberScheduled: total,
      numberMisscheduled: 0,
      desiredNumberScheduled: total,
      numberReady: ready,
      observedGeneration: generation,
      ...some({ updatedNumberScheduled: updated, numberAvailable: ready, numberUnavailable: total - ready }),
    };
    return workload(source, revision, spec, status, {
      'deprecated.daemonset.template.generation': String(release.number),
    });
  },
};

/** The record of a release of a StatefulSet or DaemonSet. */
export const CONTROLLER_REVISION: Recipe<Release> = {
  resource: 'controllerrevisions.apps',
  identity: (release) => ({
    namespace: release.app.namespace,
    name: release.name,
    uid: release.uid,
    labels: { ...templateLabels(release), 'controller.kubernetes.io/hash': release.hash },
  }),
  make(release, revision) {
    const { app, name, uid, created, number, hash } = release;
    const labels = { ...templateLabels(release), 'controller.kubernetes.io/hash': hash };
    const owners = [controlledBy(API, app.kind, app.name, app.uid)];
    const data = { spec: { template: { ...template(release), $patch: 'replace' } } };
    return {
      apiVersion: API,
      kind: 'ControllerRevision',
      metadata: metadata({
        name,
        namespace: app.namespace,
        uid,
        revision,
        created: timeText(created),
        labels,
        owners,
        managedFields: [
          managed(MANAGER, API, timeText(created), { metadata: { labels, ownerReferences: owners }, revision: number }),
        ],
      }),
      data,
      revision: number,
    };
  },
};
