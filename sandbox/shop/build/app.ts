/** A service of the shop with all that belongs to it: account, configuration, Deployment, Service, autoscaler, budget. */
import type { KubeObject } from '../../types.ts';
import { autoscaler, budget, configMap, secret, service, serviceAccount } from './around.ts';
import { labelsOf } from './meta.ts';
import { type ContainerPlan, type EnvValue, http } from './pods.ts';
import { deployment } from './workloads.ts';

export const REGISTRY = 'registry.shop.example';

export interface AppPlan {
  name: string;
  component: string;
  version: string;
  image?: string;
  replicas?: number;
  env?: Readonly<Record<string, EnvValue>>;
  /** Becomes the ConfigMap `NAME-config`, all of it in the environment. */
  config?: Record<string, string>;
  /** Becomes the Secret `NAME-secrets`: what of it is used, `env` names. */
  secrets?: Record<string, string>;
  cpu?: string;
  memory?: string;
  memoryLimit?: string;
  autoscale?: { min: number; max: number; cpu: number };
  budget?: { minAvailable?: number | string; maxUnavailable?: number | string };
  /** One that takes work from a queue: it serves nothing but its health and metrics. */
  worker?: boolean;
  priority?: string;
  init?: readonly ContainerPlan[];
  volumes?: Readonly<Record<string, object>>;
  mounts?: Readonly<Record<string, string>>;
  pullPolicy?: 'Always';
  /** Further fields of the pod's spec, and of the Deployment's. */
  podSpec?: Record<string, unknown>;
  spec?: Record<string, unknown>;
}

const NAMESPACE = 'shop';

/** The image that the shop's own pipeline makes. */
export const ownImage = (name: string, version: string): string => `${REGISTRY}/shop/${name}:${version}`;

export function app(plan: AppPlan): KubeObject[] {
  const { name, component, version, config, secrets, worker = false } = plan;
  const identity = { name, component, version, partOf: 'shop' };
  const meta = { name, namespace: NAMESPACE, labels: labelsOf(identity) };
  return [
    serviceAccount(meta, { automountServiceAccountToken: false }),
    ...(config === undefined ? [] : [configMap({ ...meta, name: `${name}-config` }, config)]),
    ...(secrets === undefined ? [] : [secret({ ...meta, name: `${name}-secrets` }, secrets)]),
    deployment({
      ...identity,
      namespace: NAMESPACE,
      replicas: plan.replicas ?? 2,
      pod: {
        annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': worker ? '9090' : '8080' },
        containers: [mainContainer(plan)],
        init: plan.init ?? [],
        volumes: plan.volumes ?? {},
        spec: podSpec(plan),
      },
      spec: { revisionHistoryLimit: 5, strategy: ROLLING, ...plan.spec },
    }),
    ...(worker ? [] : [service({ ...meta, ports: { http: 8080 } })]),
    ...(plan.autoscale === undefined ? [] : [autoscaler(meta, plan.autoscale)]),
    ...(plan.budget === undefined ? [] : [budget(meta, plan.budget)]),
  ];
}

const ROLLING = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };

function mainContainer(plan: AppPlan): ContainerPlan {
  const { name, version, worker = false, config } = plan;
  const port = worker ? 'metrics' : 'http';
  const cpu = plan.cpu ?? '100m';
  const memory = plan.memory ?? '96Mi';
  return {
    name,
    image: plan.image ?? ownImage(name, version),
    ports: worker ? { metrics: 9090 } : { http: 8080 },
    env: { POD_NAME: { field: 'metadata.name' }, LOG_LEVEL: 'info', ...plan.env },
    envFrom: config === undefined ? [] : [{ config: `${name}-config` }],
    cpu,
    memory,
    memoryLimit: plan.memoryLimit ?? '192Mi',
    ready: http('/health/ready', { periodSeconds: 5 }, port),
    live: http('/health/live', { initialDelaySeconds: 10 }, port),
    ...(plan.mounts === undefined ? {} : { mounts: plan.mounts }),
    ...(plan.pullPolicy === undefined ? {} : { pullPolicy: plan.pullPolicy }),
  };
}

function podSpec({ name, priority = 'shop-standard', podSpec: more }: AppPlan): Record<string, unknown> {
  return {
    serviceAccountName: name,
    priorityClassName: priority,
    terminationGracePeriodSeconds: 30,
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { 'app.kubernetes.io/name': name } },
      },
    ],
    ...more,
  };
}
