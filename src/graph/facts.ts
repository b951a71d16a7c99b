/** What is kept of the kinds that detectors and summaries read most. Times are ms since the epoch; 0 where not set. Quantities: cores and bytes. */

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
  /** Last transition. */
  since: number;
}

export interface ContainerFacts {
  name: string;
  role: 'main' | 'init' | 'sidecar' | 'ephemeral';
  ready: boolean;
  started: boolean;
  restarts: number;
  state: 'waiting' | 'running' | 'terminated';
  /** Of waiting and terminated: CrashLoopBackOff, OOMKilled, Completed… */
  reason: string;
  message: string;
  /** Of terminated. */
  exitCode: number;
  /**
   * When the state began, where the status says it. 0 for a container that is as it should be (runs, ready, never restarted; an init
   * container that ended well), so that pods of one template share it: `PodFacts.readySince` and `started` tell of those.
   */
  since: number;
  /** How it ended the time before. */
  last: { reason: string; exitCode: number; at: number } | undefined;
}

export interface ProbeFacts {
  kind: 'http' | 'tcp' | 'grpc' | 'exec';
  /** A number, or the name of a container port; '' for exec. */
  port: string | number;
}

/** What pods of one template share. */
export interface TemplateFacts {
  containers: readonly {
    name: string;
    role: 'main' | 'init' | 'sidecar';
    image: string;
    ports: readonly { name: string; port: number; protocol: string }[];
    requests: { cpu: number; memory: number };
    limits: { cpu: number; memory: number };
    readiness: ProbeFacts | undefined;
    liveness: ProbeFacts | undefined;
    startup: ProbeFacts | undefined;
  }[];
  serviceAccount: string;
  hostNetwork: boolean;
  priorityClass: string;
  restartPolicy: string;
  grace: number;
  nodeSelector: Readonly<Record<string, string>>;
  tolerations: readonly { key: string; operator: string; value: string; effect: string }[];
}

export interface PodFacts {
  phase: string;
  /** status.reason: Evicted, NodeLost… */
  reason: string;
  message: string;
  ready: boolean;
  /** Since when Ready is what it is. */
  readySince: number;
  started: number;
  /** '' while not bound. */
  node: string;
  restarts: number;
  containers: readonly ContainerFacts[];
  /** Only those that are not as they are in a healthy pod: PodScheduled False, DisruptionTarget True, readiness gates… */
  conditions: readonly Condition[];
  template: TemplateFacts;
  qos: string;
}

/** Deployment, ReplicaSet, StatefulSet, DaemonSet, ReplicationController. */
export interface WorkloadFacts {
  /** DaemonSet: desiredNumberScheduled. */
  desired: number;
  /** What spec says: 0 where scaled to nothing. For a DaemonSet as `desired`. */
  specReplicas: number;
  current: number;
  ready: number;
  available: number;
  updated: number;
  /** DaemonSet: numberMisscheduled. */
  misscheduled: number;
  generation: number;
  observedGeneration: number;
  paused: boolean;
  revision: string;
  /** StatefulSet. */
  currentRevision: string;
  updateRevision: string;
  updateStrategy: string;
  /** Seconds; 0 where it has none. */
  progressDeadline: number;
  conditions: readonly Condition[];
  /** Without containers where it is one of the old ReplicaSets that a Deployment keeps. */
  template: TemplateFacts;
  templateLabels: Readonly<Record<string, string>>;
}

export interface JobFacts {
  completions: number;
  parallelism: number;
  backoffLimit: number;
  suspended: boolean;
  active: number;
  succeeded: number;
  failed: number;
  started: number;
  completed: number;
  activeDeadline: number;
  conditions: readonly Condition[];
  template: TemplateFacts;
}

export interface CronJobFacts {
  schedule: string;
  timeZone: string;
  suspended: boolean;
  lastScheduled: number;
  lastSuccessful: number;
  active: number;
  startingDeadline: number;
  concurrency: string;
}

export interface ServiceFacts {
  type: string;
  clusterIP: string;
  externalName: string;
  /** Empty: no selector. */
  selector: Readonly<Record<string, string>>;
  ports: readonly { name: string; port: number; targetPort: string | number; protocol: string; nodePort: number }[];
  publishNotReady: boolean;
  loadBalancer: { class: string; addresses: number };
  conditions: readonly Condition[];
}

export interface EndpointSliceFacts {
  service: string;
  ready: number;
  serving: number;
  terminating: number;
  total: number;
  ports: readonly { name: string; port: number; protocol: string }[];
}

export interface NodeFacts {
  ready: 'True' | 'False' | 'Unknown';
  /** All of them. */
  conditions: readonly Condition[];
  unschedulable: boolean;
  taints: readonly { key: string; value: string; effect: string; since: number }[];
  /** Cores, bytes, count. */
  capacity: { cpu: number; memory: number; pods: number };
  allocatable: { cpu: number; memory: number; pods: number };
  kubelet: string;
  zone: string;
  roles: readonly string[];
}

export interface ClaimFacts {
  phase: string;
  storageClass: string;
  volume: string;
  /** Bytes. */
  requested: number;
  capacity: number;
  accessModes: readonly string[];
  conditions: readonly Condition[];
}

export interface VolumeFacts {
  phase: string;
  reason: string;
  message: string;
  storageClass: string;
  capacity: number;
  reclaim: string;
  driver: string;
  zones: readonly string[];
  /** The hosts that it can be used from, by their label; empty: it is not bound to hosts. */
  hosts: readonly string[];
}

export interface AutoscalerFacts {
  min: number;
  max: number;
  current: number;
  desired: number;
  target: { kind: string; group: string; name: string };
  metrics: readonly { type: string; name: string }[];
  conditions: readonly Condition[];
  lastScaled: number;
}

export interface BudgetFacts {
  minAvailable: string;
  maxUnavailable: string;
  currentHealthy: number;
  desiredHealthy: number;
  disruptionsAllowed: number;
  expectedPods: number;
  conditions: readonly Condition[];
}

export interface NamespaceFacts {
  phase: string;
  conditions: readonly Condition[];
  finalizers: readonly string[];
}

export interface QuotaFacts {
  /** By resource name, as numbers in base units. */
  hard: Readonly<Record<string, number>>;
  used: Readonly<Record<string, number>>;
}

export interface IngressFacts {
  className: string;
  hosts: readonly string[];
  backends: readonly { service: string; port: string | number; path: string }[];
  tlsSecrets: readonly string[];
  loadBalancerAddresses: number;
}

/** Every kind that has no projection of its own. */
export interface GenericFacts {
  generation: number;
  observedGeneration: number;
  phase: string;
  conditions: readonly Condition[];
  finalizers: readonly string[];
}

/** Metadata only: nothing of its data. */
export interface SecretFacts {
  /** Of a secret that keeps one revision of a Helm release, from its labels. */
  helm: { release: string; revision: number; status: string } | undefined;
}

export interface StorageClassFacts {
  provisioner: string;
  isDefault: boolean;
  /** `Immediate` or `WaitForFirstConsumer`. */
  binding: string;
  reclaim: string;
  expandable: boolean;
}

export interface CsiNodeFacts {
  drivers: readonly string[];
}

export interface AttachmentFacts {
  attacher: string;
  node: string;
  volume: string;
  attached: boolean;
  /** '' where there is none. */
  attachError: string;
  detachError: string;
}

export interface ClassFacts {
  /** IngressClass: spec.controller. */
  controller: string;
  isDefault: boolean;
}

export interface NetworkPolicyFacts {
  types: readonly string[];
  /** Empty podSelector: all pods of the namespace. */
  selectsAll: boolean;
  /** How many rules let something in or out. 0 with the type in `types`: nothing passes. */
  ingressRules: number;
  egressRules: number;
}

/** Role and ClusterRole. */
export interface RoleFacts {
  rules: number;
  /** A rule with `*` in verbs and in resources. */
  wildcard: boolean;
  aggregated: boolean;
}

/** RoleBinding and ClusterRoleBinding. */
export interface BindingFacts {
  role: { kind: string; name: string };
  subjects: number;
}

export interface PriorityClassFacts {
  value: number;
  isDefault: boolean;
  preemption: string;
}

/** Validating and mutating. */
export interface WebhooksFacts {
  webhooks: readonly {
    name: string;
    failurePolicy: string;
    timeout: number;
    /** '' where it is called by URL. */
    service: { namespace: string; name: string; port: number };
    groups: readonly string[];
    resources: readonly string[];
    operations: readonly string[];
    /** Whether some objects or namespaces are left out by selectors. */
    narrowed: boolean;
  }[];
}

export interface ApiServiceFacts {
  group: string;
  version: string;
  /** '' where the API server itself serves it. */
  service: { namespace: string; name: string; port: number };
  conditions: readonly Condition[];
}

/** Application of Argo CD. */
export interface ApplicationFacts {
  /** Healthy, Progressing, Degraded, Suspended, Missing, Unknown. */
  health: string;
  healthMessage: string;
  /** Synced, OutOfSync, Unknown. */
  sync: string;
  /** Of the last operation: Succeeded, Failed, Error, Running… */
  operation: string;
  operationMessage: string;
  /** Whether differences are put right by themselves. */
  automated: boolean;
  conditions: readonly Condition[];
}

/** Certificate of cert-manager. */
export interface CertificateFacts {
  /** 0 while none was issued. */
  notAfter: number;
  renewal: number;
  secret: string;
  conditions: readonly Condition[];
}

export interface DefinitionFacts {
  group: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  served: readonly string[];
  stored: readonly string[];
  /** Grows with every change of its spec: of its schemas too. */
  generation: number;
  conditions: readonly Condition[];
}
