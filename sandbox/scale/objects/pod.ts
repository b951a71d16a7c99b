/** Pods, and the templates that all pods of a release share while they are in the same state. */
import type { KubeObject, OwnerReference } from '../../types.ts';
import type { PodPhase, Release } from '../plan/types.ts';
import { type Press, Template } from '../stamp/template.ts';
import { REGION } from '../stamp/texts.ts';
import type { Values } from '../stamp/values.ts';
import { managed, specFields } from './managed-fields.ts';
import { controlledBy, metadata, sorted } from './meta.ts';
import { CLAIM, templateAnnotations, templateLabels, templateSpec } from './pod-spec.ts';
import { hasAddress, type PodState, phaseText, podStatus } from './pod-status.ts';

type Json = Record<string, unknown>;

/** Containers that restart for hours make ever new ones. */
const MOST_TEMPLATES = 12;

/** Of the pods of one release: one template a state. */
export class PodTemplates {
  readonly #press: Press;
  readonly #nodes: number;
  /** Most releases have no pods any more: these are made for the first. */
  #templates: Map<string, Template> | undefined;
  #labels: Map<string, Readonly<Record<string, string>>> | undefined;

  /** `nodes`: how many a scheduler looks at. */
  constructor(press: Press, nodes: number) {
    this.#press = press;
    this.#nodes = nodes;
  }

  of(release: Release, state: PodState, ordinal: number): Template {
    const width = release.app.kind === 'StatefulSet' ? String(ordinal).length : 0;
    const key = `${state.phase} ${state.restarts} ${width}`;
    this.#templates ??= new Map();
    let template = this.#templates.get(key);
    if (template === undefined) {
      template = new Template(
        {
          apiVersion: 'v1',
          kind: 'Pod',
          make: (values) => pod(release, state, values, this.#nodes),
          readField: (path, values) => podField(release, state, path, values),
          ordinalWidth: width,
        },
        this.#press,
      );
      this.#templates.set(key, template);
      for (const [oldest] of this.#templates) {
        if (this.#templates.size <= MOST_TEMPLATES) break;
        this.#templates.delete(oldest);
      }
    }
    return template;
  }

  /** Shared by all pods that have the same. */
  labels(release: Release, phase: PodPhase, values: Values): Readonly<Record<string, string>> {
    if (release.app.kind === 'StatefulSet') return podLabels(release, phase, values);
    const key = phase === 'unscheduled' ? '' : values.zone;
    this.#labels ??= new Map();
    let labels = this.#labels.get(key);
    if (labels === undefined) {
      labels = podLabels(release, phase, values);
      this.#labels.set(key, labels);
    }
    return labels;
  }
}

export function podName({ app, name }: Release, values: Pick<Values, 'suffix' | 'ordinal'>): string {
  switch (app.kind) {
    case 'Deployment':
    case 'CronJob':
      return `${name}-${values.suffix}`;
    case 'DaemonSet':
      return `${app.name}-${values.suffix}`;
    case 'StatefulSet':
      return `${app.name}-${values.ordinal}`;
  }
}

/** Labels that the controller of the workload adds to those of the template. */
function controllerLabels({ app, hash, name, uid, number }: Release, values: Values): Record<string, string> {
  switch (app.kind) {
    case 'Deployment':
      return { 'pod-template-hash': hash };
    case 'DaemonSet':
      return { 'controller-revision-hash': hash, 'pod-template-generation': String(number) };
    case 'StatefulSet':
      return {
        'apps.kubernetes.io/pod-index': values.ordinal,
        'controller-revision-hash': `${app.name}-${hash}`,
        'statefulset.kubernetes.io/pod-name': `${app.name}-${values.ordinal}`,
      };
    case 'CronJob':
      return jobLabels(name, uid);
  }
}

export function jobLabels(name: string, uid: string): Record<string, string> {
  return {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
}

function podLabels(release: Release, phase: PodPhase, values: Values): Record<string, string> {
  const place =
    phase === 'unscheduled'
      ? {}
      : { 'topology.kubernetes.io/region': REGION, 'topology.kubernetes.io/zone': values.zone };
  return sorted({ ...templateLabels(release), ...controllerLabels(release, values), ...place });
}

function ownerOf({ app, name, uid }: Release): OwnerReference {
  switch (app.kind) {
    case 'Deployment':
      return controlledBy('apps/v1', 'ReplicaSet', name, uid);
    case 'CronJob':
      return controlledBy('batch/v1', 'Job', name, uid);
    case 'StatefulSet':
    case 'DaemonSet':
      return controlledBy('apps/v1', app.kind, app.name, app.uid);
  }
}

function generateName({ app, name }: Release): string {
  return app.kind === 'Deployment' || app.kind === 'CronJob' ? `${name}-` : `${app.name}-`;
}

function pod(release: Release, state: PodState, values: Values, nodes: number): KubeObject {
  const { app } = release;
  const { phase } = state;
  const name = podName(release, values);
  const status = podStatus(release, name, state, values, nodes);
  const { qosClass: _computed, hostIPs: _derived, ...ownStatus } = status;
  const template = templateSpec(release);
  const labels = podLabels(release, phase, values);
  const annotations = templateAnnotations(release);
  const owners = [ownerOf(release)];
  const finalizers = app.kind === 'CronJob' && phase !== 'succeeded' ? ['batch.kubernetes.io/job-tracking'] : undefined;
  const generated = generateName(release);
  const grace = Number(template['terminationGracePeriodSeconds']);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata({
      name,
      generateName: generated,
      namespace: app.namespace,
      uid: values.uid,
      revision: values.revision,
      generation: phase === 'terminating' ? 2 : 1,
      created: values.created(0),
      deletion: phase === 'terminating' ? { timestamp: values.changed(grace), seconds: grace } : undefined,
      labels,
      annotations,
      owners,
      ...(finalizers === undefined ? {} : { finalizers }),
      managedFields: [
        managed(
          'kube-controller-manager',
          'v1',
          values.created(0),
          {
            metadata: { annotations, generateName: generated, labels: withoutPlace(labels), ownerReferences: owners },
          },
          undefined,
          specFields(release, 'pod', template),
        ),
        ...(phase === 'unscheduled'
          ? release.fault === 'unschedulable'
            ? [
                managed(
                  'kube-scheduler',
                  'v1',
                  values.created(0),
                  { status: { conditions: status['conditions'] } },
                  'status',
                ),
              ]
            : []
          : [managed('kubelet', 'v1', lastWrite(state, values), { status: ownStatus }, 'status')]),
      ],
    }),
    spec: podSpec(release, template, phase, values),
    status,
  };
}

/** Admission labels pods with where they are; no manager owns that. */
function withoutPlace(labels: Readonly<Record<string, string>>): Record<string, string> {
  const { 'topology.kubernetes.io/region': _region, 'topology.kubernetes.io/zone': _zone, ...own } = labels;
  return own;
}

function lastWrite({ phase }: PodState, values: Values): string {
  if (phase === 'creating') return values.created(0);
  return phase === 'running' ? values.started(0) : values.changed(0);
}

const TOLERATED = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
const ACCOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

/** What admission and the scheduler add to the template. */
function podSpec(release: Release, template: Json, phase: PodPhase, values: Values): Json {
  const { app } = release;
  const token = `kube-api-access-${values.volume}`;
  const {
    volumes,
    initContainers,
    containers,
    schedulerName,
    tolerations,
    priorityClassName,
    topologySpreadConstraints,
    ...rest
  } = template;
  const stateful = app.kind === 'StatefulSet';
  const name = podName(release, values);
  return {
    volumes: [
      ...(app.hasClaims ? [{ name: CLAIM, persistentVolumeClaim: { claimName: `${CLAIM}-${name}` } }] : []),
      ...((volumes ?? []) as Json[]),
      tokenVolume(token),
    ],
    ...(initContainers === undefined ? {} : { initContainers: withToken(initContainers as Json[], token) }),
    containers: withToken(containers as Json[], token),
    ...rest,
    ...(phase === 'unscheduled' ? {} : { nodeName: values.node }),
    ...(stateful ? { hostname: name, ...(app.hasService ? { subdomain: app.name } : {}) } : {}),
    ...(app.ofNodes ? { affinity: onNode(values.node) } : {}),
    schedulerName,
    tolerations: app.ofNodes
      ? tolerations
      : TOLERATED.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })),
    ...(priorityClassName === undefined ? {} : { priorityClassName }),
    priority: app.ofNodes ? 2_000_001_000 : 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
    ...(topologySpreadConstraints === undefined ? {} : { topologySpreadConstraints }),
  };
}

function withToken(containers: readonly Json[], volume: string): Json[] {
  const mount = { name: volume, readOnly: true, mountPath: ACCOUNT_PATH };
  return containers.map((container) => {
    const { volumeMounts = [], ...rest } = container;
    const mounts = [...(volumeMounts as Json[]), mount];
    // Keeps the order of the members.
    return Object.fromEntries(
      'volumeMounts' in container
        ? Object.entries(container).map(([key, value]) => [key, key === 'volumeMounts' ? mounts : value])
        : Object.entries(rest).flatMap(([key, value]) =>
            key === 'resources' ? [[key, value] as const, ['volumeMounts', mounts] as const] : [[key, value] as const],
          ),
    );
  });
}

function tokenVolume(name: string): Json {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
      defaultMode: 420,
    },
  };
}

function onNode(name: string): Json {
  const terms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] }];
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } };
}

/** What pods are selected by, without a look into their bytes. */
function podField(release: Release, state: PodState, path: string, values: Values): string | undefined {
  const { app } = release;
  switch (path) {
    case 'spec.nodeName':
      return state.phase === 'unscheduled' ? '' : values.node;
    case 'status.phase':
      return phaseText(state);
    case 'spec.restartPolicy':
      return app.kind === 'CronJob' ? 'OnFailure' : 'Always';
    case 'spec.schedulerName':
      return 'default-scheduler';
    case 'spec.serviceAccountName':
      return app.account;
    case 'spec.hostNetwork':
      return String(app.ofNodes);
    case 'status.podIP':
      return !hasAddress(state) ? '' : app.ofNodes ? values.hostIP : values.podIP;
    case 'status.podIPs':
    case 'status.nominatedNodeName':
      return '';
    default:
      return undefined;
  }
}
