/** Configuration, networking, policy and storage inside namespaces. */
import { namespaced, observed, type Sample } from './types.ts';

const selector = { matchLabels: { app: 'x' } };
const ingressPath = (pathType: string, path: string, name = 's') => ({
  path,
  pathType,
  backend: { service: { name, port: { number: 80 } } },
});

export const CONFIG: readonly Sample[] = [
  namespaced(
    'v1',
    'ConfigMap',
    'configmaps',
    {},
    { data: { a: '1', 'b.txt': 'two\nlines' }, binaryData: { c: 'AQID' }, immutable: true },
  ),
  namespaced(
    'v1',
    'Secret',
    'secrets',
    {},
    {
      type: 'kubernetes.io/basic-auth',
      data: { username: 'YQ==' },
      stringData: { password: 'hunter2' },
      immutable: false,
    },
  ),
  namespaced(
    'v1',
    'ServiceAccount',
    'serviceaccounts',
    {},
    { secrets: [{ name: 'a' }], imagePullSecrets: [{ name: 'b' }], automountServiceAccountToken: false },
  ),
  namespaced(
    'v1',
    'Service',
    'services',
    { spec: { ports: [{ port: 80 }] } },
    {
      spec: {
        type: 'NodePort',
        selector: { app: 'x' },
        sessionAffinity: 'ClientIP',
        externalTrafficPolicy: 'Local',
        publishNotReadyAddresses: true,
        externalIPs: ['203.0.113.5'],
        ports: [
          { name: 'http', port: 80, targetPort: 'web', appProtocol: 'http' },
          { name: 'dns', port: 53, protocol: 'UDP', targetPort: 5353 },
        ],
      },
    },
  ),
  namespaced(
    'v1',
    'Endpoints',
    'endpoints',
    {},
    {
      subsets: [
        {
          addresses: [{ ip: '10.1.2.3', hostname: 'a' }],
          notReadyAddresses: [{ ip: '10.1.2.4' }],
          ports: [{ name: 'http', port: 80 }],
        },
      ],
    },
  ),
  namespaced(
    'v1',
    'LimitRange',
    'limitranges',
    { spec: { limits: [] } },
    {
      spec: {
        limits: [
          {
            type: 'Container',
            max: { cpu: '2' },
            min: { cpu: '50m' },
            default: { cpu: '1' },
            defaultRequest: { cpu: '500m' },
            maxLimitRequestRatio: { cpu: '4' },
          },
          { type: 'Pod', max: { memory: '4Gi' } },
          { type: 'PersistentVolumeClaim', min: { storage: '1Gi' } },
        ],
      },
    },
  ),
  namespaced(
    'v1',
    'ResourceQuota',
    'resourcequotas',
    {},
    {
      spec: {
        hard: {
          pods: '10',
          'requests.cpu': '4',
          'limits.memory': '8Gi',
          'count/configmaps': '100',
          'requests.storage': '1Ti',
        },
        scopeSelector: { matchExpressions: [] },
      },
    },
    { settles: ({ spec, status }) => spec?.['hard'] === undefined || status?.['hard'] !== undefined },
  ),
  namespaced(
    'v1',
    'PersistentVolumeClaim',
    'persistentvolumeclaims',
    { spec: { storageClassName: '', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
    {
      spec: {
        storageClassName: 'none',
        accessModes: ['ReadWriteMany', 'ReadOnlyMany'],
        volumeMode: 'Block',
        selector,
        resources: { requests: { storage: '1500Mi' }, limits: { storage: '2Gi' } },
        volumeName: 'pv-none',
      },
    },
    { settles: ({ status }) => status?.['phase'] !== undefined },
  ),
  namespaced(
    'v1',
    'Event',
    'events',
    { involvedObject: { namespace: '{ns}' } },
    {
      involvedObject: { kind: 'Pod', namespace: '{ns}', name: 'p', uid: '1', apiVersion: 'v1', fieldPath: 'spec' },
      reason: 'Tested',
      message: 'it\nworks',
      type: 'Normal',
      count: 3,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T01:00:00Z',
      source: { component: 'me', host: 'node' },
    },
  ),
  namespaced(
    'events.k8s.io/v1',
    'Event',
    'events',
    {
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'a.b/c',
      reportingInstance: 'i',
      action: 'Do',
      reason: 'R',
      type: 'Normal',
      regarding: { namespace: '{ns}' },
    },
    {
      eventTime: '2026-01-01T00:00:00.123456Z',
      reportingController: 'a.b/c',
      reportingInstance: 'i',
      action: 'Do',
      reason: 'R',
      type: 'Warning',
      note: 'hello',
      regarding: { kind: 'Pod', name: 'p', namespace: '{ns}' },
      related: { kind: 'Node', name: 'n' },
      series: { count: 5, lastObservedTime: '2026-01-01T00:05:00.000000Z' },
    },
  ),
  namespaced(
    'networking.k8s.io/v1',
    'Ingress',
    'ingresses',
    { spec: { defaultBackend: { service: { name: 's', port: { name: 'http' } } } } },
    {
      spec: {
        ingressClassName: 'nginx',
        tls: [{ hosts: ['a.example.com'], secretName: 't' }],
        rules: [
          { host: 'a.example.com', http: { paths: [ingressPath('Prefix', '/'), ingressPath('Exact', '/x')] } },
          { host: '*.example.com', http: { paths: [ingressPath('ImplementationSpecific', '')] } },
          {
            http: {
              paths: [
                {
                  path: '/r',
                  pathType: 'Prefix',
                  backend: { resource: { apiGroup: 'k8s.example.com', kind: 'Bucket', name: 'b' } },
                },
              ],
            },
          },
        ],
      },
    },
  ),
  namespaced(
    'networking.k8s.io/v1',
    'NetworkPolicy',
    'networkpolicies',
    { spec: { podSelector: {} } },
    {
      spec: {
        podSelector: selector,
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          {
            from: [
              { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
              { namespaceSelector: { matchLabels: { a: 'b' } }, podSelector: selector },
            ],
            ports: [{ port: 80 }, { protocol: 'UDP', port: 1000, endPort: 2000 }, { port: 'http' }],
          },
        ],
        egress: [{}],
      },
    },
  ),
  namespaced(
    'policy/v1',
    'PodDisruptionBudget',
    'poddisruptionbudgets',
    { spec: { minAvailable: 1, selector } },
    {
      spec: {
        maxUnavailable: '25%',
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
        selector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] },
      },
    },
    observed,
  ),
  namespaced(
    'autoscaling/v2',
    'HorizontalPodAutoscaler',
    'horizontalpodautoscalers',
    { spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' } } },
    {
      spec: {
        minReplicas: 2,
        maxReplicas: 9,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' },
        metrics: [
          { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '500Mi' } } },
          { type: 'Pods', pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '10' } } },
          {
            type: 'External',
            external: { metric: { name: 'queue', selector }, target: { type: 'Value', value: '30' } },
          },
          {
            type: 'Object',
            object: {
              metric: { name: 'hits' },
              describedObject: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'i' },
              target: { type: 'Value', value: '2k' },
            },
          },
          {
            type: 'ContainerResource',
            containerResource: { name: 'cpu', container: 'c', target: { type: 'Utilization', averageUtilization: 60 } },
          },
        ],
        behavior: {
          scaleDown: {
            stabilizationWindowSeconds: 60,
            policies: [{ type: 'Percent', value: 10, periodSeconds: 60 }],
            selectPolicy: 'Min',
          },
          scaleUp: { policies: [{ type: 'Pods', value: 2, periodSeconds: 15 }] },
        },
      },
    },
    { settles: ({ status }) => status?.['conditions'] !== undefined },
  ),
  namespaced(
    'coordination.k8s.io/v1',
    'Lease',
    'leases',
    {},
    {
      spec: {
        holderIdentity: 'me',
        leaseDurationSeconds: 15,
        acquireTime: '2026-01-01T00:00:00.000000Z',
        renewTime: '2026-01-01T00:00:10.500000Z',
        leaseTransitions: 2,
      },
    },
  ),
  namespaced(
    'discovery.k8s.io/v1',
    'EndpointSlice',
    'endpointslices',
    { addressType: 'IPv4', endpoints: [] },
    {
      addressType: 'IPv4',
      endpoints: [
        {
          addresses: ['10.1.2.3'],
          conditions: { ready: true, serving: true, terminating: false },
          hostname: 'a',
          nodeName: 'n',
          zone: 'z',
          targetRef: { kind: 'Pod', name: 'p' },
          hints: { forZones: [{ name: 'z' }] },
        },
        { addresses: ['10.1.2.4'] },
      ],
      ports: [{ name: 'http', port: 80, protocol: 'TCP', appProtocol: 'http' }, { name: 'x' }],
    },
  ),
  namespaced(
    'rbac.authorization.k8s.io/v1',
    'Role',
    'roles',
    {},
    {
      rules: [
        { apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get', 'list'], resourceNames: ['a'] },
        { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      ],
    },
  ),
  namespaced(
    'rbac.authorization.k8s.io/v1',
    'RoleBinding',
    'rolebindings',
    { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' } },
    {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [
        { kind: 'User', name: 'u' },
        { kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'g' },
        { kind: 'ServiceAccount', name: 's', namespace: 'n' },
      ],
    },
  ),
  namespaced(
    'storage.k8s.io/v1',
    'CSIStorageCapacity',
    'csistoragecapacities',
    { storageClassName: 'x' },
    { storageClassName: 'x', capacity: '10Gi', maximumVolumeSize: '1Gi', nodeTopology: selector },
  ),
  namespaced(
    'resource.k8s.io/v1',
    'ResourceClaim',
    'resourceclaims',
    { spec: {} },
    {
      spec: {
        devices: {
          requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu.example.com', count: 2 } }],
          config: [
            { requests: ['gpu'], opaque: { driver: 'gpu.example.com', parameters: { kind: 'X', apiVersion: 'a/v1' } } },
          ],
        },
      },
    },
  ),
  namespaced(
    'resource.k8s.io/v1',
    'ResourceClaimTemplate',
    'resourceclaimtemplates',
    { spec: { spec: {} } },
    {
      spec: {
        metadata: { labels: { a: 'b' } },
        spec: { devices: { requests: [{ name: 'a', firstAvailable: [{ name: 'x', deviceClassName: 'c' }] }] } },
      },
    },
  ),
];
