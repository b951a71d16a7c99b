/** Kinds outside namespaces. */
import { clusterWide, type Sample } from './types.ts';

const selector = { matchLabels: { app: 'x' } };
const webhook = {
  name: 'a.example.com',
  admissionReviewVersions: ['v1'],
  sideEffects: 'None',
  clientConfig: { service: { namespace: 'none', name: 's' } },
  namespaceSelector: { matchLabels: { none: 'such-{id}' } },
};
const richWebhook = {
  ...webhook,
  name: 'b.example.com',
  failurePolicy: 'Ignore',
  timeoutSeconds: 3,
  matchPolicy: 'Exact',
  objectSelector: selector,
  rules: [
    {
      operations: ['CREATE', 'UPDATE'],
      apiGroups: ['none.example.com'],
      apiVersions: ['v1'],
      resources: ['things'],
      scope: 'Namespaced',
    },
  ],
  clientConfig: { url: 'https://hook.example.com/x' },
  matchConditions: [{ name: 'c', expression: 'true' }],
};
const matching = {
  resourceRules: [
    { apiGroups: ['none.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['things'] },
  ],
};
const source = { csi: { driver: 'csi.example.com', volumeHandle: 'h', volumeAttributes: { a: 'b' } } };

interface Condition {
  type: string;
  status: string;
}

const isTrue = (status: Record<string, unknown> | undefined, type: string) =>
  ((status?.['conditions'] ?? []) as Condition[]).some((each) => each.type === type && each.status === 'True');

export const CLUSTER: readonly Sample[] = [
  clusterWide('v1', 'Namespace', 'namespaces', {}, { spec: { finalizers: ['kubernetes'] } }),
  clusterWide(
    'v1',
    'Node',
    'nodes',
    { spec: { unschedulable: true, taints: [{ key: 'a', effect: 'NoSchedule' }] } },
    {
      spec: {
        unschedulable: true,
        podCIDR: '10.9.0.0/24',
        providerID: 'x://y',
        taints: [{ key: 'a', value: 'b', effect: 'NoExecute' }],
      },
      status: { capacity: { cpu: '4' } },
    },
    { onlyDry: true },
  ),
  clusterWide(
    'v1',
    'PersistentVolume',
    'persistentvolumes',
    {
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'none-{id}',
        hostPath: { path: '/x' },
      },
    },
    {
      spec: {
        capacity: { storage: '5Gi' },
        accessModes: ['ReadWriteMany'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: 'none-{id}',
        volumeMode: 'Filesystem',
        mountOptions: ['hard'],
        nodeAffinity: {
          required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }] },
        },
        ...source,
      },
    },
    { settles: ({ status }) => status?.['phase'] === 'Available' },
  ),
  clusterWide(
    'storage.k8s.io/v1',
    'StorageClass',
    'storageclasses',
    { provisioner: 'x.example.com' },
    {
      provisioner: 'x.example.com',
      parameters: { type: 'fast' },
      reclaimPolicy: 'Retain',
      allowVolumeExpansion: true,
      mountOptions: ['a'],
      volumeBindingMode: 'WaitForFirstConsumer',
      allowedTopologies: [{ matchLabelExpressions: [{ key: 'zone', values: ['a'] }] }],
    },
  ),
  clusterWide(
    'storage.k8s.io/v1',
    'CSIDriver',
    'csidrivers',
    { spec: {} },
    {
      spec: {
        attachRequired: false,
        podInfoOnMount: true,
        volumeLifecycleModes: ['Ephemeral'],
        fsGroupPolicy: 'File',
        tokenRequests: [{ audience: 'a', expirationSeconds: 3600 }],
        storageCapacity: true,
      },
    },
  ),
  clusterWide(
    'storage.k8s.io/v1',
    'CSINode',
    'csinodes',
    { spec: { drivers: [] } },
    { spec: { drivers: [{ name: 'a.example.com', nodeID: 'n', topologyKeys: ['z'], allocatable: { count: 5 } }] } },
  ),
  clusterWide(
    'storage.k8s.io/v1',
    'VolumeAttachment',
    'volumeattachments',
    { spec: { attacher: 'a.example.com', nodeName: 'n', source: { persistentVolumeName: 'p' } } },
    {
      spec: {
        attacher: 'a.example.com',
        nodeName: 'n',
        source: { inlineVolumeSpec: { accessModes: ['ReadWriteOnce'], ...source } },
      },
    },
  ),
  clusterWide(
    'storage.k8s.io/v1',
    'VolumeAttributesClass',
    'volumeattributesclasses',
    { driverName: 'a.example.com', parameters: { a: 'b' } },
    { driverName: 'b.example.com', parameters: { iops: '5' } },
  ),
  clusterWide(
    'scheduling.k8s.io/v1',
    'PriorityClass',
    'priorityclasses',
    { value: 5 },
    { value: 1000, description: 'much', preemptionPolicy: 'Never', globalDefault: false },
  ),
  clusterWide(
    'node.k8s.io/v1',
    'RuntimeClass',
    'runtimeclasses',
    { handler: 'runc' },
    {
      handler: 'kata',
      overhead: { podFixed: { cpu: '100m' } },
      scheduling: { nodeSelector: { a: 'b' }, tolerations: [{ key: 'x', operator: 'Exists' }] },
    },
  ),
  clusterWide(
    'networking.k8s.io/v1',
    'IngressClass',
    'ingressclasses',
    { spec: { controller: 'example.com/c' } },
    {
      spec: {
        controller: 'example.com/c',
        parameters: { apiGroup: 'k8s.example.com', kind: 'P', name: 'p', scope: 'Namespace', namespace: 'n' },
      },
    },
  ),
  clusterWide(
    'rbac.authorization.k8s.io/v1',
    'ClusterRole',
    'clusterroles',
    {},
    {
      rules: [
        { nonResourceURLs: ['/healthz', '/metrics/*'], verbs: ['get'] },
        { apiGroups: ['apps'], resources: ['deployments/scale'], verbs: ['update'] },
      ],
    },
  ),
  clusterWide(
    'rbac.authorization.k8s.io/v1',
    'ClusterRoleBinding',
    'clusterrolebindings',
    { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'none' } },
    {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'none' },
      subjects: [{ kind: 'User', name: 'nobody-there' }],
    },
  ),
  clusterWide(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    'customresourcedefinitions',
    {
      spec: {
        group: '{id}.example.com',
        scope: 'Cluster',
        names: { plural: 'mins', kind: 'Min' },
        versions: [{ name: 'v1', served: false, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    },
    {
      spec: {
        group: '{id}.example.com',
        scope: 'Namespaced',
        names: {
          plural: 'mins',
          singular: 'min',
          kind: 'Min',
          listKind: 'MinList',
          shortNames: ['mi'],
          categories: ['all'],
        },
        versions: [
          {
            name: 'v1',
            served: false,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: { spec: { type: 'object', properties: { a: { type: 'integer', default: 5 } } } },
              },
            },
            subresources: { status: {} },
            additionalPrinterColumns: [{ name: 'A', type: 'integer', jsonPath: '.spec.a' }],
          },
        ],
      },
    },
    {
      name: 'mins.{id}.example.com',
      settles: ({ status }) => isTrue(status, 'Established') && isTrue(status, 'NamesAccepted'),
    },
  ),
  clusterWide(
    'admissionregistration.k8s.io/v1',
    'ValidatingWebhookConfiguration',
    'validatingwebhookconfigurations',
    {},
    { webhooks: [webhook, richWebhook] },
  ),
  clusterWide(
    'admissionregistration.k8s.io/v1',
    'MutatingWebhookConfiguration',
    'mutatingwebhookconfigurations',
    {},
    { webhooks: [webhook, { ...richWebhook, reinvocationPolicy: 'IfNeeded' }] },
  ),
  clusterWide(
    'admissionregistration.k8s.io/v1',
    'ValidatingAdmissionPolicy',
    'validatingadmissionpolicies',
    { spec: { matchConstraints: matching, validations: [{ expression: 'true' }] } },
    {
      spec: {
        matchConstraints: matching,
        failurePolicy: 'Ignore',
        validations: [{ expression: 'object.spec.x > 1', message: 'm', reason: 'Invalid' }],
        variables: [{ name: 'v', expression: '1' }],
        auditAnnotations: [{ key: 'k', valueExpression: '"v"' }],
      },
    },
    { onlyDry: true },
  ),
  clusterWide(
    'admissionregistration.k8s.io/v1',
    'ValidatingAdmissionPolicyBinding',
    'validatingadmissionpolicybindings',
    { spec: { policyName: 'none', validationActions: ['Deny'] } },
    {
      spec: {
        policyName: 'none',
        validationActions: ['Warn', 'Audit'],
        matchResources: { namespaceSelector: selector },
      },
    },
  ),
  clusterWide(
    'flowcontrol.apiserver.k8s.io/v1',
    'PriorityLevelConfiguration',
    'prioritylevelconfigurations',
    { spec: { type: 'Limited', limited: { nominalConcurrencyShares: 1, limitResponse: { type: 'Reject' } } } },
    {
      spec: {
        type: 'Limited',
        limited: {
          nominalConcurrencyShares: 2,
          lendablePercent: 10,
          limitResponse: { type: 'Queue', queuing: { queues: 8, handSize: 2, queueLengthLimit: 9 } },
        },
      },
    },
  ),
  clusterWide(
    'flowcontrol.apiserver.k8s.io/v1',
    'FlowSchema',
    'flowschemas',
    { spec: { priorityLevelConfiguration: { name: 'global-default' } } },
    {
      spec: {
        priorityLevelConfiguration: { name: 'global-default' },
        matchingPrecedence: 9000,
        distinguisherMethod: { type: 'ByUser' },
        rules: [
          {
            subjects: [{ kind: 'User', user: { name: 'nobody-there' } }],
            resourceRules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'], namespaces: ['*'] }],
          },
        ],
      },
    },
    { onlyDry: true },
  ),
  clusterWide(
    'networking.k8s.io/v1',
    'ServiceCIDR',
    'servicecidrs',
    { spec: { cidrs: ['10.77.0.0/24'] } },
    { spec: { cidrs: ['10.78.0.0/24', 'fd00:78::/112'] } },
    { onlyDry: true },
  ),
  clusterWide(
    'resource.k8s.io/v1',
    'DeviceClass',
    'deviceclasses',
    { spec: {} },
    { spec: { selectors: [{ cel: { expression: 'device.driver == "gpu.example.com"' } }] } },
  ),
];
