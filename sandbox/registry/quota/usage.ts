/** What an object costs in terms of resource quotas, and which quotas it concerns. Also for the controller that counts anew. */
import { addQuantities } from '../../kinds/quantity.ts';
import type { KubeObject, ResourceId } from '../../types.ts';
import { isRecord, numberAt, recordAt, recordsAt, textAt, textsAt, valueAt } from '../json.ts';
import { aggregate, limitsOf, requestsOf } from '../strategies/resource-sums.ts';

export type Usage = Record<string, string>;

/** Kinds that quotas never count. */
const IGNORED: ReadonlySet<ResourceId> = new Set(['events', 'events.events.k8s.io', 'bindings']);
/** Older names beside `count/x`. */
const ALIASES: Readonly<Record<ResourceId, string>> = {
  configmaps: 'configmaps',
  resourcequotas: 'resourcequotas',
  replicationcontrollers: 'replicationcontrollers',
  secrets: 'secrets',
};
const POD_RESOURCES = new Set([
  'count/pods',
  'pods',
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
]);
const SERVICE_RESOURCES = new Set(['count/services', 'services', 'services.nodeports', 'services.loadbalancers']);
const CLAIM_RESOURCES = ['persistentvolumeclaims', 'requests.storage'];
const BY_CLASS = '.storageclass.storage.k8s.io/';

export function isQuotaIgnored(resource: ResourceId): boolean {
  return IGNORED.has(resource);
}

/** Which of a quota's resources count objects of this kind. */
export function countedNames(resource: ResourceId, names: readonly string[]): string[] {
  return names.filter((name) => counts(resource, name));
}

function counts(resource: ResourceId, name: string): boolean {
  if (resource === 'pods') return POD_RESOURCES.has(name) || isHugePages(name) || isExtended(name);
  if (resource === 'services') return SERVICE_RESOURCES.has(name);
  if (resource === 'persistentvolumeclaims') {
    return (
      name === 'count/persistentvolumeclaims' ||
      CLAIM_RESOURCES.some((one) => name === one || name.endsWith(BY_CLASS + one))
    );
  }
  return name === `count/${resource}` || name === ALIASES[resource];
}

const isHugePages = (name: string) => name.startsWith('hugepages-') || name.startsWith('requests.hugepages-');
/** `requests.nvidia.com/gpu`: a resource that is not Kubernetes' own. */
const isExtended = (name: string) => {
  const asked = name.startsWith('requests.') ? name.slice('requests.'.length) : '';
  return asked.includes('/') && !asked.startsWith('kubernetes.io/');
};

/** `nowMs`: pods that should be gone by then cost nothing. */
export function usageOf(resource: ResourceId, object: KubeObject, nowMs: number): Usage {
  switch (resource) {
    case 'pods':
      return podUsage(object, nowMs);
    case 'services':
      return serviceUsage(object);
    case 'persistentvolumeclaims':
      return claimUsage(object);
    default: {
      const alias = ALIASES[resource];
      return { [`count/${resource}`]: '1', ...(alias === undefined ? {} : { [alias]: '1' }) };
    }
  }
}

function podUsage(pod: KubeObject, nowMs: number): Usage {
  if (!countsForQuota(pod, nowMs)) return { 'count/pods': '1' };
  const spec = recordAt(pod, 'spec');
  const requests = { ...aggregate(spec, requestsOf), ...textsAt(spec, 'resources', 'requests') };
  const limits = { ...aggregate(spec, limitsOf), ...textsAt(spec, 'resources', 'limits') };
  const overhead = textsAt(spec, 'overhead');
  for (const [name, quantity] of Object.entries(overhead))
    requests[name] = addQuantities(requests[name] ?? '0', quantity);
  return { 'count/pods': '1', ...computeUsage(requests, limits) };
}

/** The names under which quotas know requests and limits. */
export function computeUsage(requests: Usage, limits: Usage): Usage {
  const usage: Usage = { pods: '1' };
  for (const name of ['cpu', 'memory', 'ephemeral-storage']) {
    const request = requests[name];
    const limit = limits[name];
    if (request !== undefined) {
      usage[name] = request;
      usage[`requests.${name}`] = request;
    }
    if (limit !== undefined) usage[`limits.${name}`] = limit;
  }
  for (const [name, request] of Object.entries(requests)) {
    if (name.startsWith('hugepages-')) usage[name] = request;
    if (name.startsWith('hugepages-') || isExtended(`requests.${name}`)) usage[`requests.${name}`] = request;
  }
  return usage;
}

/** Finished pods, and pods that are stuck in their end, are free. */
function countsForQuota(pod: KubeObject, nowMs: number): boolean {
  const phase = textAt(pod, 'status', 'phase');
  if (phase === 'Failed' || phase === 'Succeeded') return false;
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return true;
  return nowMs <= Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

function serviceUsage(service: KubeObject): Usage {
  const ports = recordsAt(service, 'spec', 'ports');
  const type = textAt(service, 'spec', 'type');
  const allocates = valueAt(service, 'spec', 'allocateLoadBalancerNodePorts') !== false;
  const named = ports.filter((port) => (numberAt(port, 'nodePort') ?? 0) !== 0).length;
  const nodePorts = type === 'NodePort' || (type === 'LoadBalancer' && allocates) ? ports.length : named;
  return {
    'count/services': '1',
    services: '1',
    'services.loadbalancers': type === 'LoadBalancer' ? '1' : '0',
    'services.nodeports': type === 'NodePort' || type === 'LoadBalancer' ? String(nodePorts) : '0',
  };
}

function claimUsage(claim: KubeObject): Usage {
  const usage: Usage = { 'count/persistentvolumeclaims': '1', persistentvolumeclaims: '1' };
  const storage = textAt(claim, 'spec', 'resources', 'requests', 'storage');
  const className =
    claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ??
    textAt(claim, 'spec', 'storageClassName');
  if (storage !== '') usage['requests.storage'] = storage;
  if (className === '') return usage;
  usage[`${className}${BY_CLASS}persistentvolumeclaims`] = '1';
  if (storage !== '') usage[`${className}${BY_CLASS}requests.storage`] = storage;
  return usage;
}

/** Whether an object is within the scopes of a quota; only pods have any. */
export function matchesScopes(quota: KubeObject, resource: ResourceId, object: KubeObject): boolean {
  const scopes = valueAt(quota, 'spec', 'scopes');
  const selectors = [
    ...(Array.isArray(scopes) ? scopes.map((scopeName) => ({ scopeName, operator: 'Exists' })) : []),
    ...recordsAt(quota, 'spec', 'scopeSelector', 'matchExpressions'),
  ];
  return selectors.every((selector) => resource === 'pods' && podMatches(selector, object));
}

function podMatches(selector: Record<string, unknown>, pod: KubeObject): boolean {
  const deadline = numberAt(pod, 'spec', 'activeDeadlineSeconds');
  const terminating = deadline !== undefined && deadline >= 0;
  const bestEffort = textAt(pod, 'status', 'qosClass') === 'BestEffort';
  switch (selector['scopeName']) {
    case 'Terminating':
      return terminating;
    case 'NotTerminating':
      return !terminating;
    case 'BestEffort':
      return bestEffort;
    case 'NotBestEffort':
      return !bestEffort;
    case 'PriorityClass':
      return selects(selector, textAt(pod, 'spec', 'priorityClassName'));
    case 'CrossNamespacePodAffinity':
      return reachesOut(valueAt(pod, 'spec', 'affinity'));
    default:
      return false;
  }
}

function selects(selector: Record<string, unknown>, value: string): boolean {
  const values: readonly unknown[] = Array.isArray(selector['values']) ? selector['values'] : [];
  switch (selector['operator']) {
    case 'Exists':
      return value !== '';
    case 'DoesNotExist':
      return value === '';
    case 'In':
      return value !== '' && values.includes(value);
    default:
      return !values.includes(value);
  }
}

function reachesOut(affinity: unknown): boolean {
  return ['podAffinity', 'podAntiAffinity'].some((side) => {
    const required = recordsAt(affinity, side, 'requiredDuringSchedulingIgnoredDuringExecution');
    const preferred = recordsAt(affinity, side, 'preferredDuringSchedulingIgnoredDuringExecution');
    const terms = [...required, ...preferred.map((weighted) => recordAt(weighted, 'podAffinityTerm'))];
    return terms.some((term) => {
      const { namespaces } = term;
      return (Array.isArray(namespaces) && namespaces.length > 0) || isRecord(term['namespaceSelector']);
    });
  });
}
