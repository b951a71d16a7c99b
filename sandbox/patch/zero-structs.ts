/**
 * Which fields of the built-in types are structs and no pointers: Go shows them even when nobody set them (`resources: {}`), so
 * nobody comes to own them by being the first to write into them. From the apiserver's OpenAPI v3 (1.36), where such a field
 * has the default `{}`; `metadata` always is one.
 */
const ZERO_STRUCTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'io.k8s.api.admissionregistration.v1': {
    MutatingAdmissionPolicy: 'spec',
    MutatingAdmissionPolicyBinding: 'spec',
    MutatingWebhook: 'clientConfig',
    ValidatingAdmissionPolicy: 'spec status',
    ValidatingAdmissionPolicyBinding: 'spec',
    ValidatingWebhook: 'clientConfig',
  },
  'io.k8s.api.apps.v1': {
    DaemonSet: 'spec status',
    DaemonSetSpec: 'template updateStrategy',
    Deployment: 'spec status',
    DeploymentSpec: 'strategy template',
    ReplicaSet: 'spec status',
    ReplicaSetSpec: 'template',
    StatefulSet: 'spec status',
    StatefulSetSpec: 'template updateStrategy',
  },
  'io.k8s.api.authentication.v1': {
    SelfSubjectReview: 'status',
    SelfSubjectReviewStatus: 'userInfo',
    TokenRequest: 'spec status',
    TokenReview: 'spec status',
    TokenReviewStatus: 'user',
  },
  'io.k8s.api.authorization.v1': {
    LocalSubjectAccessReview: 'spec status',
    SelfSubjectAccessReview: 'spec status',
    SelfSubjectRulesReview: 'spec status',
    SubjectAccessReview: 'spec status',
  },
  'io.k8s.api.autoscaling.v1': {
    HorizontalPodAutoscaler: 'spec status',
    HorizontalPodAutoscalerSpec: 'scaleTargetRef',
    Scale: 'spec status',
  },
  'io.k8s.api.autoscaling.v2': {
    ContainerResourceMetricSource: 'target',
    ContainerResourceMetricStatus: 'current',
    ExternalMetricSource: 'metric target',
    ExternalMetricStatus: 'current metric',
    HorizontalPodAutoscaler: 'spec status',
    HorizontalPodAutoscalerSpec: 'scaleTargetRef',
    ObjectMetricSource: 'describedObject metric target',
    ObjectMetricStatus: 'current describedObject metric',
    PodsMetricSource: 'metric target',
    PodsMetricStatus: 'current metric',
    ResourceMetricSource: 'target',
    ResourceMetricStatus: 'current',
  },
  'io.k8s.api.batch.v1': {
    CronJob: 'spec status',
    CronJobSpec: 'jobTemplate',
    Job: 'spec status',
    JobSpec: 'template',
    JobTemplateSpec: 'spec',
  },
  'io.k8s.api.certificates.v1': {
    CertificateSigningRequest: 'spec status',
  },
  'io.k8s.api.coordination.v1': {
    Lease: 'spec',
  },
  'io.k8s.api.core.v1': {
    Binding: 'target',
    Container: 'resources',
    ContainerStatus: 'lastState state',
    EphemeralContainer: 'resources',
    Event: 'involvedObject source',
    LimitRange: 'spec',
    Namespace: 'spec status',
    Node: 'spec status',
    NodeDaemonEndpoints: 'kubeletEndpoint',
    NodeStatus: 'daemonEndpoints nodeInfo',
    PersistentVolume: 'spec status',
    PersistentVolumeClaim: 'spec status',
    PersistentVolumeClaimSpec: 'resources',
    PersistentVolumeClaimTemplate: 'spec',
    Pod: 'spec status',
    PodTemplate: 'template',
    PodTemplateSpec: 'spec',
    PreferredSchedulingTerm: 'preference',
    ReplicationController: 'spec status',
    ResourceQuota: 'spec status',
    Service: 'spec status',
    ServiceStatus: 'loadBalancer',
    WeightedPodAffinityTerm: 'podAffinityTerm',
  },
  'io.k8s.api.discovery.v1': {
    Endpoint: 'conditions',
  },
  'io.k8s.api.events.v1': {
    Event: 'deprecatedSource regarding',
  },
  'io.k8s.api.flowcontrol.v1': {
    FlowSchema: 'spec status',
    FlowSchemaSpec: 'priorityLevelConfiguration',
    LimitedPriorityLevelConfiguration: 'limitResponse',
    PriorityLevelConfiguration: 'spec status',
  },
  'io.k8s.api.networking.v1': {
    HTTPIngressPath: 'backend',
    IPAddress: 'spec',
    Ingress: 'spec status',
    IngressClass: 'spec',
    IngressServiceBackend: 'port',
    IngressStatus: 'loadBalancer',
    NetworkPolicy: 'spec',
    NetworkPolicySpec: 'podSelector',
    ServiceCIDR: 'spec status',
  },
  'io.k8s.api.policy.v1': {
    PodDisruptionBudget: 'spec status',
  },
  'io.k8s.api.rbac.v1': {
    ClusterRoleBinding: 'roleRef',
    RoleBinding: 'roleRef',
  },
  'io.k8s.api.resource.v1': {
    AllocationResult: 'devices',
    DeviceClass: 'spec',
    ResourceClaim: 'spec status',
    ResourceClaimSpec: 'devices',
    ResourceClaimTemplate: 'spec',
    ResourceClaimTemplateSpec: 'spec',
    ResourceSlice: 'spec',
    ResourceSliceSpec: 'pool',
  },
  'io.k8s.api.storage.v1': {
    CSIDriver: 'spec',
    CSINode: 'spec',
    VolumeAttachment: 'spec status',
    VolumeAttachmentSpec: 'source',
  },
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1': {
    CustomResourceDefinition: 'spec status',
    CustomResourceDefinitionSpec: 'names',
    CustomResourceDefinitionStatus: 'acceptedNames',
  },
  'io.k8s.apimachinery.pkg.apis.meta.v1': {
    APIGroup: 'preferredVersion',
  },
  'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1': {
    APIService: 'spec status',
  },
};

/** The fields of a type by its full name, `io.k8s.api.core.v1.Container`. */
export function zeroStructs(typeName: string): readonly string[] {
  const dot = typeName.lastIndexOf('.');
  const fields = ZERO_STRUCTS[typeName.slice(0, dot)]?.[typeName.slice(dot + 1)];
  return fields === undefined ? ['metadata'] : ['metadata', ...fields.split(' ')];
}
