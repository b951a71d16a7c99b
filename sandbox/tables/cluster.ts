/** Rows of nodes, namespaces, events, quotas, rights and what else belongs to the cluster. */
import { humanDuration } from '../../src/kernel/text/age.ts';
import { type Now, type Printer, printer } from './column.ts';
import { age, type LabelSelector, NONE, selectorText, since, UNSET } from './format.ts';

interface Node {
  spec?: { unschedulable?: boolean };
  status?: {
    conditions?: readonly { type: string; status: string }[];
    addresses?: readonly { type: string; address: string }[];
    nodeInfo?: {
      kubeletVersion?: string;
      osImage?: string;
      kernelVersion?: string;
      containerRuntimeVersion?: string;
      architecture?: string;
    };
  };
}

const NODES = printer<Node>(
  [
    'Name',
    'Status',
    'Roles',
    'Age',
    'Version',
    'Internal-IP*',
    'External-IP*',
    'OS-Image*',
    'Kernel-Version*',
    'Container-Runtime*',
  ],
  (node, now) => {
    const { nodeInfo: info = {}, addresses = [] } = node.status ?? {};
    const address = (type: string) => addresses.find((one) => one.type === type)?.address ?? NONE;
    const arch = info.architecture ? ` (${info.architecture})` : '';
    return [
      node.metadata.name,
      nodeStatus(node),
      nodeRoles(node.metadata.labels ?? {}) || NONE,
      age(node, now),
      info.kubeletVersion ?? '',
      address('InternalIP'),
      address('ExternalIP'),
      info.osImage || '<unknown>',
      `${info.kernelVersion || '<unknown>'}${arch}`,
      info.containerRuntimeVersion || '<unknown>',
    ];
  },
);

function nodeStatus({ spec, status }: Node): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const word = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return spec?.unschedulable === true ? `${word},SchedulingDisabled` : word;
}

const ROLE_PREFIX = 'node-role.kubernetes.io/';

function nodeRoles(labels: Readonly<Record<string, string>>): string {
  const named = Object.keys(labels)
    .filter((key) => key.startsWith(ROLE_PREFIX) && key.length > ROLE_PREFIX.length)
    .map((key) => key.slice(ROLE_PREFIX.length));
  const old = labels['kubernetes.io/role'];
  return [...new Set(old ? [...named, old] : named)].sort().join(',');
}

const NAMESPACES = printer<{ status?: { phase?: string } }>(['Name', 'Status', 'Age'], (object, now) => [
  object.metadata.name,
  object.status?.phase ?? '',
  age(object, now),
]);

interface Event {
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  count?: number;
  series?: { count: number; lastObservedTime: string };
  type?: string;
  reason?: string;
  message?: string;
  involvedObject?: { kind?: string; name?: string; fieldPath?: string };
  source?: { component?: string; host?: string };
  reportingComponent?: string;
  reportingInstance?: string;
  /** Of events.k8s.io/v1. */
  regarding?: { kind?: string; name?: string; fieldPath?: string };
  note?: string;
  reportingController?: string;
  deprecatedSource?: { component?: string; host?: string };
  deprecatedFirstTimestamp?: string | null;
  deprecatedLastTimestamp?: string | null;
  deprecatedCount?: number;
}

const EVENTS = printer<Event>(
  ['Last Seen', 'Type', 'Reason', 'Object', 'Subobject*', 'Source*', 'Message', 'First Seen*', 'Count*', 'Name*'],
  (event, now) => {
    const about = event.involvedObject ?? event.regarding ?? {};
    const kind = (about.kind ?? '').toLowerCase();
    const source = event.source ?? event.deprecatedSource;
    const component = source?.component || event.reportingComponent || event.reportingController || '';
    const host = source?.host || event.reportingInstance || '';
    return [
      lastSeen(event, now),
      event.type ?? '',
      event.reason ?? '',
      about.name ? `${kind}/${about.name}` : kind,
      about.fieldPath ?? '',
      host === '' ? component : `${component}, ${host}`,
      (event.message ?? event.note ?? '').trim(),
      firstSeen(event, now),
      event.series?.count ?? (event.count || event.deprecatedCount || 1),
      event.metadata.name,
    ];
  },
);

function firstSeen(event: Event, now: Now): string {
  return since(event.firstTimestamp || event.deprecatedFirstTimestamp || event.eventTime, now);
}

function lastSeen(event: Event, now: Now): string {
  const last = event.series?.lastObservedTime ?? (event.lastTimestamp || event.deprecatedLastTimestamp);
  return last ? since(last, now) : firstSeen(event, now);
}

interface Quota {
  status?: { hard?: Record<string, string>; used?: Record<string, string> };
}

const QUOTAS = printer<Quota>(['Name', 'Request', 'Limit', 'Age'], (quota, now) => {
  const { hard = {}, used = {} } = quota.status ?? {};
  const texts = Object.keys(hard)
    .sort()
    .map((name) => ({ isLimit: name.startsWith('limits.'), text: `${name}: ${used[name] ?? '0'}/${hard[name]}` }));
  const joined = (isLimit: boolean) =>
    texts
      .filter((one) => one.isLimit === isLimit)
      .map(({ text }) => text)
      .join(', ');
  return [quota.metadata.name, joined(false), joined(true), age(quota, now)];
});

interface Binding {
  roleRef: { kind: string; name: string };
  subjects?: readonly { kind: string; name: string; namespace?: string }[];
}

const BINDINGS = printer<Binding>(['Name', 'Role', 'Age', 'Users*', 'Groups*', 'ServiceAccounts*'], (binding, now) => {
  const of = (kind: string) =>
    (binding.subjects ?? [])
      .filter((subject) => subject.kind === kind)
      .map(({ name, namespace }) => (kind === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name))
      .join(', ');
  const role = `${binding.roleRef.kind}/${binding.roleRef.name}`;
  return [binding.metadata.name, role, age(binding, now), of('User'), of('Group'), of('ServiceAccount')];
});

interface Schema {
  spec: {
    priorityLevelConfiguration: { name: string };
    matchingPrecedence?: number;
    distinguisherMethod?: { type: string };
  };
  status?: { conditions?: readonly { type: string; status?: string }[] };
}

const FLOW_SCHEMAS = printer<Schema>(
  ['Name', 'PriorityLevel', 'MatchingPrecedence', 'DistinguisherMethod', 'Age', 'MissingPL'],
  (object, now) => [
    object.metadata.name,
    object.spec.priorityLevelConfiguration.name,
    object.spec.matchingPrecedence ?? 0,
    object.spec.distinguisherMethod?.type ?? NONE,
    age(object, now),
    object.status?.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?',
  ],
);

interface Level {
  spec: {
    type: string;
    limited?: {
      nominalConcurrencyShares?: number;
      limitResponse?: { queuing?: { queues: number; handSize: number; queueLengthLimit: number } };
    };
  };
}

const PRIORITY_LEVELS = printer<Level>(
  ['Name', 'Type', 'NominalConcurrencyShares', 'Queues', 'HandSize', 'QueueLengthLimit', 'Age'],
  (object, now) => {
    const { type, limited } = object.spec;
    const queuing = limited?.limitResponse?.queuing;
    return [
      object.metadata.name,
      type,
      limited?.nominalConcurrencyShares ?? NONE,
      queuing?.queues ?? NONE,
      queuing?.handSize ?? NONE,
      queuing?.queueLengthLimit ?? NONE,
      age(object, now),
    ];
  },
);

interface Request {
  spec: { signerName?: string; username?: string; expirationSeconds?: number };
  status?: { conditions?: readonly { type: string }[]; certificate?: string };
}

const SIGNING_REQUESTS = printer<Request>(
  ['Name', 'Age', 'SignerName', 'Requestor', 'RequestedDuration', 'Condition'],
  (object, now) => {
    const { signerName, username, expirationSeconds } = object.spec;
    const is = (type: string) => object.status?.conditions?.some((one) => one.type === type) ?? false;
    const decided = is('Denied') ? 'Denied' : is('Approved') ? 'Approved' : 'Pending';
    return [
      object.metadata.name,
      age(object, now),
      signerName || NONE,
      username ?? '',
      expirationSeconds === undefined ? NONE : humanDuration(expirationSeconds * 1000),
      `${decided}${is('Failed') ? ',Failed' : ''}${object.status?.certificate ? ',Issued' : ''}`,
    ];
  },
);

interface ApiService {
  spec?: { service?: { namespace: string; name: string } };
  status?: { conditions?: readonly { type: string; status: string; reason?: string }[] };
}

const API_SERVICES = printer<ApiService>(['Name', 'Service', 'Available', 'Age'], (object, now) => {
  const { service } = object.spec ?? {};
  const available = object.status?.conditions?.find(({ type }) => type === 'Available');
  const why = available?.status === 'False' ? ` (${available.reason ?? ''})` : '';
  return [
    object.metadata.name,
    service === undefined ? 'Local' : `${service.namespace}/${service.name}`,
    available === undefined ? 'Unknown' : `${available.status}${why}`,
    age(object, now),
  ];
});

interface Policy {
  spec?: {
    validations?: readonly unknown[];
    mutations?: readonly unknown[];
    paramKind?: { apiVersion: string; kind: string };
  };
}

const admissionPolicy = (column: 'Validations' | 'Mutations') =>
  printer<Policy>(['Name', `${column}:int`, 'ParamKind', 'Age'], (object, now) => {
    const { validations, mutations, paramKind } = object.spec ?? {};
    const count = (column === 'Validations' ? validations : mutations)?.length ?? 0;
    const kind = paramKind === undefined ? UNSET : `${paramKind.apiVersion}/${paramKind.kind}`;
    return [object.metadata.name, count, kind, age(object, now)];
  });

interface PolicyBinding {
  spec?: { policyName?: string; paramRef?: { name?: string; namespace?: string; selector?: LabelSelector } };
}

const ADMISSION_BINDINGS = printer<PolicyBinding>(['Name', 'PolicyName', 'ParamRef', 'Age'], (object, now) => {
  const { policyName = '', paramRef } = object.spec ?? {};
  const selected = paramRef?.selector === undefined ? UNSET : selectorText(paramRef.selector);
  const ref = paramRef?.name ? `${paramRef.namespace || '*'}/${paramRef.name}` : selected;
  return [object.metadata.name, policyName, ref, age(object, now)];
});

const WEBHOOKS = printer<{ webhooks?: readonly unknown[] }>(['Name', 'Webhooks:int', 'Age'], (object, now) => [
  object.metadata.name,
  object.webhooks?.length ?? 0,
  age(object, now),
]);

const PRIORITY_CLASSES = printer<{ value: number; globalDefault?: boolean; preemptionPolicy?: string }>(
  ['Name', 'Value:int', 'Global-Default:bool', 'Age', 'PreemptionPolicy'],
  (object, now) => [
    object.metadata.name,
    object.value,
    object.globalDefault ?? false,
    age(object, now),
    object.preemptionPolicy ?? '',
  ],
);

const LEASES = printer<{ spec?: { holderIdentity?: string } }>(['Name', 'Holder', 'Age'], (object, now) => [
  object.metadata.name,
  object.spec?.holderIdentity ?? '',
  age(object, now),
]);

const RUNTIME_CLASSES = printer<{ handler: string }>(['Name', 'Handler', 'Age'], (object, now) => [
  object.metadata.name,
  object.handler,
  age(object, now),
]);

interface DeviceClaim {
  status?: { allocation?: object; reservedFor?: readonly unknown[] };
}

const RESOURCE_CLAIMS = printer<DeviceClaim>(['Name', 'State', 'Age'], (object, now) => {
  const isDeleted = object.metadata.deletionTimestamp !== undefined;
  const { allocation, reservedFor } = object.status ?? {};
  const held =
    allocation === undefined
      ? isDeleted
        ? []
        : ['pending']
      : ['allocated', ...(reservedFor?.length ? ['reserved'] : [])];
  return [object.metadata.name, [...(isDeleted ? ['deleted'] : []), ...held].join(','), age(object, now)];
});

interface DeviceSlice {
  spec: { nodeName?: string; driver: string; pool: { name: string } };
}

const RESOURCE_SLICES = printer<DeviceSlice>(['Name', 'Node', 'Driver', 'Pool', 'Age'], (object, now) => [
  object.metadata.name,
  object.spec.nodeName ?? '',
  object.spec.driver,
  object.spec.pool.name,
  age(object, now),
]);

/** Kinds that print their name and age, as text. */
const AGED = printer(['Name', 'Age'], (object, now) => [object.metadata.name, age(object, now)]);

export const CLUSTER: Readonly<Record<string, Printer>> = {
  nodes: NODES,
  namespaces: NAMESPACES,
  events: EVENTS,
  'events.events.k8s.io': EVENTS,
  resourcequotas: QUOTAS,
  serviceaccounts: AGED,
  'rolebindings.rbac.authorization.k8s.io': BINDINGS,
  'clusterrolebindings.rbac.authorization.k8s.io': BINDINGS,
  'flowschemas.flowcontrol.apiserver.k8s.io': FLOW_SCHEMAS,
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': PRIORITY_LEVELS,
  'certificatesigningrequests.certificates.k8s.io': SIGNING_REQUESTS,
  'apiservices.apiregistration.k8s.io': API_SERVICES,
  'validatingadmissionpolicies.admissionregistration.k8s.io': admissionPolicy('Validations'),
  'mutatingadmissionpolicies.admissionregistration.k8s.io': admissionPolicy('Mutations'),
  'validatingadmissionpolicybindings.admissionregistration.k8s.io': ADMISSION_BINDINGS,
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io': ADMISSION_BINDINGS,
  'validatingwebhookconfigurations.admissionregistration.k8s.io': WEBHOOKS,
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': WEBHOOKS,
  'priorityclasses.scheduling.k8s.io': PRIORITY_CLASSES,
  'leases.coordination.k8s.io': LEASES,
  'runtimeclasses.node.k8s.io': RUNTIME_CLASSES,
  'resourceclaims.resource.k8s.io': RESOURCE_CLAIMS,
  'resourceclaimtemplates.resource.k8s.io': AGED,
  'resourceslices.resource.k8s.io': RESOURCE_SLICES,
  'deviceclasses.resource.k8s.io': AGED,
};
