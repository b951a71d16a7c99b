/** The pod templates of workloads: what each runs, from the bits of its look. */
import type { App, Release } from '../plan/types.ts';
import { draw } from '../stamp/texts.ts';

type Json = Record<string, unknown>;

export const REGISTRY = 'registry.example.com';
export const PULL_SECRET = 'registry-credentials';
export const SHARED_CONFIG = 'common-settings';
/** Of a claim of a StatefulSet, in its names and volumes. */
export const CLAIM = 'data';

const RUNTIMES = ['go', 'java', 'node', 'python', 'rust'] as const;

export const runtimeOf = ({ look }: App): string => RUNTIMES[look % RUNTIMES.length] ?? 'go';
export const portOf = ({ look }: App): number => [8080, 8000, 3000, 9000, 8443][(look >>> 3) % 5] ?? 8080;
export const configName = (app: App) => `${app.name}-config`;
export const secretName = (app: App) => `${app.name}-credentials`;

/** The keys of a workload's ConfigMap and Secret. */
export const CONFIG_KEYS = ['LOG_LEVEL', 'LISTEN_ADDRESS', 'REQUEST_TIMEOUT', 'CACHE_TTL', 'FEATURE_FLAGS'] as const;
/** Those that containers have in their environment. */
const ENVIRONMENT_KEYS = CONFIG_KEYS.slice(0, 1);
export const SECRET_KEYS = ['database-password', 'api-token'] as const;

export const imageOf = ({ app, tag }: Release): string =>
  app.ofNodes ? `${REGISTRY}/platform/${app.name}:${tag}` : `${REGISTRY}/${app.product}/${app.name}:${tag}`;

export const SIDECAR_IMAGE = `${REGISTRY}/platform/mesh-proxy:1.24.3`;

/** What every object of a workload carries, sorted. */
export function commonLabels(app: App): Record<string, string> {
  return {
    'app.kubernetes.io/component': app.kind === 'CronJob' ? 'task' : app.ofNodes ? 'agent' : 'server',
    'app.kubernetes.io/instance': app.name,
    'app.kubernetes.io/name': app.name,
    'app.kubernetes.io/part-of': app.product,
    environment: app.environment,
  };
}

export function selectorLabels(app: App): Record<string, string> {
  return { 'app.kubernetes.io/instance': app.name, 'app.kubernetes.io/name': app.name };
}

/** Of the template, before any controller adds its own. */
export function templateLabels({ app, tag }: Release): Record<string, string> {
  return { ...commonLabels(app), 'app.kubernetes.io/version': tag };
}

export function templateAnnotations({ app, number }: Release): Record<string, string> {
  return {
    'checksum/config': draw(app.look, number).toString(16).padStart(8, '0').repeat(8),
    'prometheus.io/port': String(portOf(app)),
    'prometheus.io/scrape': 'true',
  };
}

/** The spec of the template, with the defaults that the API server sets. */
export function templateSpec(release: Release): Json {
  const { app } = release;
  return {
    ...volumesOf(app),
    ...(hasInit(app) ? { initContainers: [initContainer(release)] } : {}),
    containers: containersOf(release),
    restartPolicy: app.kind === 'CronJob' ? 'OnFailure' : 'Always',
    terminationGracePeriodSeconds: [30, 45, 60][app.look % 3],
    dnsPolicy: app.ofNodes ? 'ClusterFirstWithHostNet' : 'ClusterFirst',
    ...(app.ofNodes ? { nodeSelector: { 'kubernetes.io/os': 'linux' } } : {}),
    serviceAccountName: app.account,
    serviceAccount: app.account,
    ...(app.ofNodes ? { hostNetwork: true } : {}),
    securityContext: app.ofNodes
      ? {}
      : {
          runAsUser: 10_001,
          runAsGroup: 10_001,
          runAsNonRoot: true,
          fsGroup: 10_001,
          seccompProfile: { type: 'RuntimeDefault' },
        },
    imagePullSecrets: [{ name: PULL_SECRET }],
    schedulerName: 'default-scheduler',
    ...(app.ofNodes ? { tolerations: [{ operator: 'Exists' }], priorityClassName: 'system-node-critical' } : {}),
    ...(spreads(app) ? { topologySpreadConstraints: [spreadConstraint(app)] } : {}),
  };
}

export const hasInit = (app: App) => !app.ofNodes && (app.look >>> 7) % 8 === 0;
const hasScratch = (app: App) => app.ofNodes || (app.look >>> 19) % 2 === 0;
const spreads = (app: App) => app.kind === 'Deployment' && (app.look >>> 9) % 4 === 0;

function spreadConstraint(app: App): Json {
  return {
    maxSkew: 1,
    topologyKey: 'topology.kubernetes.io/zone',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: selectorLabels(app) },
  };
}

function volumesOf(app: App): Json {
  const volumes: Json[] = hasScratch(app) ? [{ name: 'tmp', emptyDir: {} }] : [];
  if (app.hasConfig) volumes.push({ name: 'config', configMap: { name: configName(app), defaultMode: 420 } });
  if (app.hasSecret) volumes.push({ name: 'credentials', secret: { secretName: secretName(app), defaultMode: 288 } });
  if (app.ofNodes) volumes.push({ name: 'run', hostPath: { path: `/run/${app.name}`, type: 'DirectoryOrCreate' } });
  return volumes.length === 0 ? {} : { volumes };
}

function mounts(app: App): Json {
  const volumeMounts = [
    ...(hasScratch(app) ? [{ name: 'tmp', mountPath: '/tmp' }] : []),
    ...(app.hasConfig ? [{ name: 'config', readOnly: true, mountPath: '/etc/app' }] : []),
    ...(app.hasSecret ? [{ name: 'credentials', readOnly: true, mountPath: '/etc/credentials' }] : []),
    ...(app.ofNodes ? [{ name: 'run', mountPath: `/run/${app.name}` }] : []),
    ...(app.hasClaims ? [{ name: CLAIM, mountPath: '/var/lib/data' }] : []),
  ];
  return volumeMounts.length === 0 ? {} : { volumeMounts };
}

function containersOf(release: Release): Json[] {
  const { app } = release;
  return app.hasSidecar ? [mainContainer(release), sidecar()] : [mainContainer(release)];
}

const MESSAGES = { terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' };
const RESTRICTED = {
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
  allowPrivilegeEscalation: false,
};

function mainContainer(release: Release): Json {
  const { app } = release;
  const port = portOf(app);
  const serves = app.kind !== 'CronJob';
  return {
    name: app.name,
    image: imageOf(release),
    args: [`--config=/etc/app/${runtimeOf(app)}.yaml`, '--log-format=json', `--instance=${app.name}`],
    ...(serves
      ? {
          ports: [
            { name: 'http', containerPort: port, protocol: 'TCP' },
            { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
          ],
        }
      : {}),
    envFrom: [{ configMapRef: { name: SHARED_CONFIG } }],
    env: environmentOf(release),
    resources: resourcesOf(release),
    ...mounts(app),
    ...(serves && (app.look >>> 15) % 4 === 0 ? { livenessProbe: probe('/healthz', 10, 3) } : {}),
    ...(serves && (app.look >>> 17) % 4 !== 0 ? { readinessProbe: probe('/readyz', 5, 3) } : {}),
    ...MESSAGES,
    imagePullPolicy: 'IfNotPresent',
    securityContext: app.ofNodes ? { privileged: true } : RESTRICTED,
  };
}

function probe(path: string, periodSeconds: number, failureThreshold: number): Json {
  return {
    httpGet: { path, port: 'http', scheme: 'HTTP' },
    initialDelaySeconds: 5,
    timeoutSeconds: 2,
    periodSeconds,
    successThreshold: 1,
    failureThreshold,
  };
}

/** No machine has so much. */
const TOO_MUCH_MEMORY = 768 * 1024;

function resourcesOf({ app, fault }: Release): Json {
  const { look, ofNodes } = app;
  const cpu = ofNodes ? 50 : ([50, 100, 100, 150, 250][(look >>> 11) % 5] ?? 100);
  const usual = ofNodes ? 64 : ([64, 128, 128, 256, 512][(look >>> 13) % 5] ?? 128);
  const memory = fault === 'unschedulable' ? TOO_MUCH_MEMORY : usual;
  return {
    limits: { cpu: milli(cpu * 4), memory: mebibytes(memory * 2) },
    requests: { cpu: milli(cpu), memory: mebibytes(memory) },
  };
}

/** As apimachinery prints so many thousandths of a core, and so many MiB. */
const milli = (amount: number) => (amount % 1000 === 0 ? String(amount / 1000) : `${amount}m`);
const mebibytes = (amount: number) => (amount % 1024 === 0 ? `${amount / 1024}Gi` : `${amount}Mi`);

function environmentOf({ app }: Release): Json[] {
  const field = (name: string, fieldPath: string) => ({
    name,
    valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } },
  });
  return [
    field('POD_NAME', 'metadata.name'),
    field('NODE_NAME', 'spec.nodeName'),
    { name: 'APP_ENVIRONMENT', value: app.environment },
    ...(app.hasConfig
      ? ENVIRONMENT_KEYS.map((key) => ({ name: key, valueFrom: { configMapKeyRef: { name: configName(app), key } } }))
      : []),
    ...(app.hasSecret
      ? SECRET_KEYS.slice(0, 1).map((key) => ({
          name: key.toUpperCase().replace('-', '_'),
          valueFrom: { secretKeyRef: { name: secretName(app), key } },
        }))
      : []),
  ];
}

function sidecar(): Json {
  return {
    name: 'mesh-proxy',
    image: SIDECAR_IMAGE,
    args: ['proxy', 'sidecar', '--domain', '$(POD_NAMESPACE).svc.cluster.local', '--concurrency', '2'],
    ports: [{ name: 'mesh-admin', containerPort: 15_090, protocol: 'TCP' }],
    env: [
      { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } } },
      { name: 'MESH_PROXY_LOG_LEVEL', value: 'warning' },
    ],
    resources: { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '10m', memory: '40Mi' } },
    readinessProbe: {
      httpGet: { path: '/healthz/ready', port: 15_021, scheme: 'HTTP' },
      timeoutSeconds: 3,
      periodSeconds: 15,
      successThreshold: 1,
      failureThreshold: 4,
    },
    ...MESSAGES,
    imagePullPolicy: 'IfNotPresent',
    securityContext: RESTRICTED,
  };
}

function initContainer(release: Release): Json {
  return {
    name: 'migrate',
    image: imageOf(release),
    args: ['migrate', '--wait'],
    env: [{ name: 'APP_ENVIRONMENT', value: release.app.environment }],
    resources: { limits: { cpu: '100m', memory: '64Mi' }, requests: { cpu: '100m', memory: '64Mi' } },
    ...MESSAGES,
    imagePullPolicy: 'IfNotPresent',
    securityContext: RESTRICTED,
  };
}
