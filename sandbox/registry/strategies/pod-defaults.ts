/** Defaults that only a Pod gets (its template does not), and its first status. */
import { compareQuantities } from '../../kinds/quantity.ts';
import { ensure, type Fields, fieldsOf, has, itemsOf, setDefault, textsOf } from './fields.ts';
import { podSpecDefaults } from './pod-spec-defaults.ts';
import { addResources, aggregate, limitsOf, requestsOf } from './resource-sums.ts';

/** Whoever is limited and says no more asks for the limit. */
function requestsFromLimits(container: Fields): void {
  const resources = fieldsOf(container['resources']);
  const limits = textsOf(resources['limits']);
  if (Object.keys(limits).length === 0) return;
  const requests = ensure(resources, 'requests');
  for (const [name, quantity] of Object.entries(limits)) setDefault(requests, name, quantity);
}

/** Resources that a pod as a whole may ask for. */
const isPodLevel = (name: string) => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');

function podLevelRequests(spec: Fields): void {
  const resources = fieldsOf(spec['resources']);
  const limits = textsOf(resources['limits']);
  if (Object.keys(limits).length === 0) return;
  const requests = ensure(resources, 'requests');
  for (const [name, quantity] of Object.entries(aggregate(spec, requestsOf))) {
    if (name === 'cpu' || name === 'memory') setDefault(requests, name, quantity);
  }
  for (const [name, quantity] of Object.entries(limits)) {
    if (isPodLevel(name)) setDefault(requests, name, quantity);
  }
}

function hostPorts(container: Fields): void {
  for (const port of itemsOf(container['ports'])) setDefault(port, 'hostPort', port['containerPort'], true);
}

export function podDefaults(pod: Fields): void {
  const spec = ensure(pod, 'spec');
  podSpecDefaults(spec);
  const containers = [...itemsOf(spec['containers']), ...itemsOf(spec['initContainers'])];
  containers.forEach(requestsFromLimits);
  podLevelRequests(spec);
  setDefault(spec, 'enableServiceLinks', true);
  if (spec['hostNetwork'] === true) containers.forEach(hostPorts);
}

const QOS_RESOURCES = ['cpu', 'memory'];
const positive = (quantity: string | undefined) => quantity !== undefined && compareQuantities(quantity, '0') > 0;

/** The class that decides who is evicted first. */
export function qosClassOf(spec: Fields): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const wholePod = has(spec, 'resources');
  const all = wholePod ? [spec] : [...itemsOf(spec['containers']), ...itemsOf(spec['initContainers'])];
  let requests: Record<string, string> = {};
  let limits: Record<string, string> = {};
  let guaranteed = true;
  for (const holder of all) {
    const asked = Object.entries(requestsOf(holder)).filter(
      ([name, quantity]) => QOS_RESOURCES.includes(name) && positive(quantity),
    );
    const limited = Object.entries(limitsOf(holder)).filter(
      ([name, quantity]) => QOS_RESOURCES.includes(name) && positive(quantity),
    );
    requests = addResources(requests, Object.fromEntries(asked));
    limits = addResources(limits, Object.fromEntries(limited));
    if (limited.length < QOS_RESOURCES.length) guaranteed = false;
  }
  if (Object.keys(requests).length === 0 && Object.keys(limits).length === 0) return 'BestEffort';
  const equal = Object.entries(requests).every(([name, quantity]) => {
    const limit = limits[name];
    return limit !== undefined && compareQuantities(limit, quantity) === 0;
  });
  return guaranteed && equal && Object.keys(requests).length === Object.keys(limits).length
    ? 'Guaranteed'
    : 'Burstable';
}

/** The status that a new pod has, whatever was sent. */
export function firstPodStatus(spec: Fields, since: string | null): Fields {
  const gated = itemsOf(spec['schedulingGates']).length > 0;
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    lastProbeTime: null,
    lastTransitionTime: since,
    reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
  };
  return { phase: 'Pending', ...(gated ? { conditions: [condition] } : {}), qosClass: qosClassOf(spec) };
}
