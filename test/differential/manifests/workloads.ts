/** Pods and what makes them. Nothing here runs: no scheduler looks at them, or none are asked for. */
import { namespaced, observed, type Sample } from './types.ts';

const app = { app: 'x' };
const selector = { matchLabels: app };
const least = { schedulerName: 'nobody', containers: [{ name: 'main', image: 'nginx' }] };

const full = {
  schedulerName: 'nobody',
  nodeSelector: { none: 'such' },
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 45,
  activeDeadlineSeconds: 600,
  dnsPolicy: 'None',
  dnsConfig: { nameservers: ['10.0.0.10'], searches: ['example.com'], options: [{ name: 'ndots', value: '2' }] },
  serviceAccountName: 'default',
  automountServiceAccountToken: false,
  hostAliases: [{ ip: '127.0.0.5', hostnames: ['a', 'b'] }],
  hostname: 'host',
  subdomain: 'sub',
  imagePullSecrets: [{ name: 'pull' }],
  priority: 0,
  readinessGates: [{ conditionType: 'example.com/ready' }],
  securityContext: {
    runAsUser: 1000,
    runAsNonRoot: true,
    fsGroup: 2000,
    supplementalGroups: [3000],
    seccompProfile: { type: 'RuntimeDefault' },
    sysctls: [{ name: 'net.ipv4.tcp_syncookies', value: '1' }],
  },
  tolerations: [
    { key: 'a', operator: 'Equal', value: 'b', effect: 'NoSchedule' },
    { operator: 'Exists' },
    { key: 'c', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 30 },
  ],
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: selector,
    },
  ],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          {
            matchExpressions: [
              { key: 'zone', operator: 'In', values: ['a', 'b'] },
              { key: 'n', operator: 'Gt', values: ['3'] },
            ],
          },
        ],
      },
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 10, preference: { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node'] }] } },
      ],
    },
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: selector, topologyKey: 'zone', namespaces: ['default'] },
      ],
    },
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 5,
          podAffinityTerm: {
            topologyKey: 'kubernetes.io/hostname',
            labelSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['x'] }] },
          },
        },
      ],
    },
  },
  initContainers: [
    {
      name: 'init',
      image: 'busybox:1',
      command: ['sh', '-c', 'true'],
      resources: { limits: { cpu: '1', memory: '1Gi' } },
    },
    { name: 'sidecar', image: 'proxy:2', restartPolicy: 'Always', startupProbe: { tcpSocket: { port: 15021 } } },
  ],
  containers: [
    {
      name: 'main',
      image:
        'registry.example.com:5000/team/app@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1',
      command: ['run'],
      args: ['--fast', '$(A)'],
      workingDir: '/w',
      ports: [
        { name: 'http', containerPort: 8080, protocol: 'TCP', hostPort: 18080 },
        { containerPort: 53, protocol: 'UDP' },
      ],
      env: [
        { name: 'A', value: '1' },
        { name: 'B', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'C', valueFrom: { secretKeyRef: { name: 's', key: 'k', optional: true } } },
        { name: 'D', valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } },
        { name: 'E', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
      ],
      envFrom: [{ prefix: 'P_', configMapRef: { name: 'c' } }, { secretRef: { name: 's', optional: true } }],
      resources: {
        requests: { cpu: '100m', memory: '64Mi', 'ephemeral-storage': '1Gi' },
        limits: { cpu: '1500m', memory: '0.5Gi', 'example.com/gpu': '2' },
      },
      livenessProbe: {
        httpGet: { path: '/live', port: 'http', scheme: 'HTTPS', httpHeaders: [{ name: 'X', value: 'y' }] },
        initialDelaySeconds: 5,
        timeoutSeconds: 3,
      },
      readinessProbe: { exec: { command: ['true'] }, periodSeconds: 7 },
      startupProbe: { grpc: { port: 9090 }, failureThreshold: 30 },
      lifecycle: { postStart: { exec: { command: ['a'] } }, preStop: { httpGet: { port: 80 } } },
      securityContext: {
        privileged: false,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] },
        procMount: 'Default',
      },
      volumeMounts: [
        { name: 'tmp', mountPath: '/tmp' },
        { name: 'cfg', mountPath: '/etc/cfg', readOnly: true, subPath: 'a' },
      ],
      volumeDevices: [{ name: 'claim', devicePath: '/dev/x' }],
      terminationMessagePolicy: 'FallbackToLogsOnError',
      stdin: true,
      tty: true,
    },
  ],
  volumes: [
    { name: 'tmp', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } },
    { name: 'cfg', configMap: { name: 'c', items: [{ key: 'a', path: 'a', mode: 0o400 }], optional: true } },
    { name: 'sec', secret: { secretName: 's', defaultMode: 0o600 } },
    { name: 'claim', persistentVolumeClaim: { claimName: 'data', readOnly: true } },
    { name: 'host', hostPath: { path: '/var', type: 'Directory' } },
    { name: 'down', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
    {
      name: 'proj',
      projected: {
        sources: [
          { secret: { name: 's' } },
          { configMap: { name: 'c' } },
          { serviceAccountToken: { path: 't', audience: 'me', expirationSeconds: 3600 } },
        ],
      },
    },
    { name: 'nfs', nfs: { server: 'nfs.example.com', path: '/x' } },
    { name: 'csi', csi: { driver: 'csi.example.com', volumeAttributes: { a: 'b' } } },
    { name: 'nothing' },
    {
      name: 'eph',
      ephemeral: {
        volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
      },
    },
    { name: 'iscsi', iscsi: { targetPortal: '1.2.3.4:3260', iqn: 'iqn.2001-04.com.example:storage', lun: 0 } },
  ],
};
const { activeDeadlineSeconds: _, ...fullForever } = full;

const template = (spec: Record<string, unknown>) => ({ metadata: { labels: app, annotations: { note: 'y' } }, spec });
const claims = [
  { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
];
const never = { ...least, restartPolicy: 'Never' };

export const WORKLOADS: readonly Sample[] = [
  namespaced('v1', 'Pod', 'pods', { spec: least }, { spec: full }),
  namespaced('v1', 'PodTemplate', 'podtemplates', { template: { spec: least } }, { template: template(fullForever) }),
  namespaced(
    'v1',
    'ReplicationController',
    'replicationcontrollers',
    { spec: { replicas: 0, selector: app, template: template(least) } },
    { spec: { replicas: 0, minReadySeconds: 5, template: template(fullForever) } },
    observed,
  ),
  namespaced(
    'apps/v1',
    'Deployment',
    'deployments',
    { spec: { replicas: 0, selector, template: template(least) } },
    {
      spec: {
        replicas: 0,
        selector,
        minReadySeconds: 3,
        revisionHistoryLimit: 2,
        paused: true,
        progressDeadlineSeconds: 100,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '30%', maxUnavailable: 1 } },
        template: template(fullForever),
      },
    },
    observed,
  ),
  namespaced(
    'apps/v1',
    'ReplicaSet',
    'replicasets',
    { spec: { replicas: 0, selector, template: template(least) } },
    {
      spec: {
        replicas: 0,
        minReadySeconds: 3,
        selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['x'] }] },
        template: template(fullForever),
      },
    },
    observed,
  ),
  namespaced(
    'apps/v1',
    'StatefulSet',
    'statefulsets',
    { spec: { replicas: 0, selector, serviceName: 's', template: template(least) } },
    {
      spec: {
        replicas: 0,
        selector,
        serviceName: 's',
        podManagementPolicy: 'Parallel',
        ordinals: { start: 3 },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
        volumeClaimTemplates: claims,
        template: template(fullForever),
      },
    },
    observed,
  ),
  namespaced(
    'apps/v1',
    'DaemonSet',
    'daemonsets',
    { spec: { selector, template: template({ ...least, nodeSelector: { none: 'such' } }) } },
    {
      spec: {
        selector,
        minReadySeconds: 2,
        revisionHistoryLimit: 3,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '20%' } },
        template: template(fullForever),
      },
    },
    observed,
  ),
  namespaced(
    'apps/v1',
    'ControllerRevision',
    'controllerrevisions',
    { revision: 1, data: {} },
    { revision: 7, data: { spec: { a: [1, 'x', null] } } },
  ),
  namespaced(
    'batch/v1',
    'Job',
    'jobs',
    { spec: { suspend: true, template: { spec: never } } },
    {
      spec: {
        suspend: true,
        parallelism: 3,
        completions: 6,
        completionMode: 'Indexed',
        backoffLimitPerIndex: 1,
        maxFailedIndexes: 2,
        activeDeadlineSeconds: 60,
        ttlSecondsAfterFinished: 100,
        podReplacementPolicy: 'Failed',
        podFailurePolicy: {
          rules: [
            { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] },
            { action: 'FailJob', onExitCodes: { containerName: 'main', operator: 'In', values: [1, 2] } },
          ],
        },
        template: {
          metadata: { labels: { a: 'b' } },
          spec: { ...never, containers: [{ name: 'main', image: 'busybox', resources: { requests: { cpu: '1' } } }] },
        },
      },
    },
    { settles: ({ status }) => status?.['conditions'] !== undefined },
  ),
  namespaced(
    'batch/v1',
    'CronJob',
    'cronjobs',
    { spec: { suspend: true, schedule: '* * * * *', jobTemplate: { spec: { template: { spec: never } } } } },
    {
      spec: {
        suspend: true,
        schedule: '@hourly',
        timeZone: 'Europe/Vienna',
        concurrencyPolicy: 'Replace',
        startingDeadlineSeconds: 20,
        successfulJobsHistoryLimit: 5,
        failedJobsHistoryLimit: 0,
        jobTemplate: {
          metadata: { labels: { a: 'b' } },
          spec: { backoffLimit: 2, template: { spec: { ...never, restartPolicy: 'OnFailure' } } },
        },
      },
    },
  ),
];
