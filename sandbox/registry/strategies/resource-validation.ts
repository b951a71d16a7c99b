/** What containers, pods, quotas and limit ranges say about resources. */
import { canonicalQuantity, compareQuantities, parseQuantity } from '../../kinds/quantity.ts';
import { dnsLabel, nonNegativeQuantity, sortedEntries } from './common-validation.ts';
import type { Findings } from './field-errors.ts';
import { type Fields, has, itemsOf, textOf, textsOf } from './fields.ts';
import { labelKeyProblems } from './names.ts';

const CONTAINER_RESOURCES = ['cpu', 'memory', 'ephemeral-storage'];
const COUNTED = [
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
];
const COUNTED_SERVICES = ['services.nodeports', 'services.loadbalancers'];
const QUOTA_RESOURCES = [
  ...CONTAINER_RESOURCES,
  'requests.cpu',
  'requests.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  ...COUNTED,
  ...COUNTED_SERVICES,
];
const STANDARD_RESOURCES = [...QUOTA_RESOURCES, 'storage'];
const isHugePages = (name: string) => name.startsWith('hugepages-');
const isStandard = (name: string) =>
  STANDARD_RESOURCES.includes(name) || isHugePages(name) || name.startsWith('requests.hugepages-');
const isNative = (name: string) => !name.includes('/') || name.includes('kubernetes.io/');

/** May be asked for less than it is limited to. */
const isOvercommitable = (name: string) => isNative(name) && !isHugePages(name);

function isExtended(name: string): boolean {
  if (isNative(name) || name.startsWith('requests.')) return false;
  return labelKeyProblems(`requests.${name}`).length === 0;
}

/** Must be whole numbers. */
const isCounted = (name: string) => COUNTED.includes(name) || COUNTED_SERVICES.includes(name) || isExtended(name);

/** Returns whether the name is one. */
export function resourceName(found: Findings, field: string, name: string): boolean {
  const before = found.list.length;
  found.invalidEach(field, name, labelKeyProblems(name));
  if (found.list.length > before) return false;
  if (!name.includes('/') && !isStandard(name)) {
    found.invalid(field, name, 'must be a standard resource type or fully qualified');
    return false;
  }
  return true;
}

export function containerResourceName(found: Findings, field: string, name: string): void {
  resourceName(found, field, name);
  if (!name.includes('/')) {
    if (!CONTAINER_RESOURCES.includes(name) && !isHugePages(name)) {
      found.invalid(field, name, 'must be a standard resource for containers');
    }
  } else if (!isNative(name) && !isExtended(name)) {
    found.invalid(field, name, "doesn't follow extended resource name standard");
  }
}

function podResourceName(found: Findings, field: string, name: string): void {
  if (!resourceName(found, field, name)) return;
  if (name !== 'cpu' && name !== 'memory' && !isHugePages(name))
    found.notSupported(field, name, ['cpu', 'hugepages-', 'memory']);
}

/** What quotas know by name. */
export const isQuotaResource = (name: string) =>
  QUOTA_RESOURCES.includes(name) || isHugePages(name) || name.startsWith('requests.hugepages-');

export function quotaResourceName(found: Findings, field: string, name: string): void {
  resourceName(found, field, name);
  if (!name.includes('/') && !isQuotaResource(name)) {
    found.invalid(field, name, 'must be a standard resource for quota');
  }
}

/** The amount of a resource: not negative, and whole where things are counted. */
export function resourceAmount(found: Findings, field: string, name: string, quantity: string): void {
  nonNegativeQuantity(found, field, quantity);
  const value = parseQuantity(quantity);
  if (isCounted(name) && value !== undefined && !Number.isInteger(value)) {
    found.invalid(field, canonicalQuantity(quantity), 'must be an integer');
  }
}

function hugePages(found: Findings, field: string, name: string, quantity: string): void {
  const size = parseQuantity(name.slice('hugepages-'.length));
  const value = parseQuantity(quantity);
  if (size === undefined || value === undefined || size <= 0) return;
  if (value % size !== 0) found.invalid(field, quantity, `${quantity} is not positive integer multiple of ${name}`);
}

/** Of a container, or with `wholePod` of a pod; `claimNames` are the resource claims of the pod. */
export function resourceRequirements(
  found: Findings,
  field: string,
  resources: Fields,
  claimNames: readonly string[],
  wholePod = false,
): void {
  const limits = textsOf(resources['limits']);
  const requests = textsOf(resources['requests']);
  const checkName = wholePod ? podResourceName : containerResourceName;
  for (const [name, quantity] of sortedEntries(limits)) {
    const path = `${field}.limits[${name}]`;
    checkName(found, path, name);
    resourceAmount(found, path, name, quantity);
    if (isHugePages(name)) hugePages(found, path, name, quantity);
  }
  for (const [name, quantity] of sortedEntries(requests)) {
    const path = `${field}.requests[${name}]`;
    checkName(found, path, name);
    resourceAmount(found, path, name, quantity);
    againstLimit(found, field, name, quantity, limits[name]);
    if (isHugePages(name)) hugePages(found, path, name, quantity);
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory')) {
    found.forbidden(field, 'HugePages require cpu or memory');
  }
  claims(found, `${field}.claims`, itemsOf(resources['claims']), claimNames);
}

function againstLimit(found: Findings, field: string, name: string, quantity: string, limit: string | undefined): void {
  if (limit === undefined) {
    if (!isOvercommitable(name))
      found.required(`${field}.limits`, 'Limit must be set for non overcommitable resources');
    return;
  }
  const order = compareQuantities(quantity, limit);
  if (order !== 0 && !isOvercommitable(name)) {
    found.invalid(`${field}.requests`, quantity, `must be equal to ${name} limit of ${limit}`);
  } else if (order > 0) {
    found.invalid(`${field}.requests`, quantity, `must be less than or equal to ${name} limit of ${limit}`);
  }
}

function claims(found: Findings, field: string, list: readonly Fields[], known: readonly string[]): void {
  const seen = new Set<string>();
  for (const [index, claim] of list.entries()) {
    const path = `${field}[${index}]`;
    const name = textOf(claim['name']);
    const request = textOf(claim['request']);
    if (name === '') {
      found.required(path);
      continue;
    }
    const key = request === '' ? name : `${name}/${request}`;
    if (seen.has(name) || seen.has(key)) found.duplicate(path, seen.has(name) ? name : key);
    else if (has(claim, 'request') && request !== '') dnsLabel(found, `${path}.request`, request);
    seen.add(key);
    if (!known.includes(name)) {
      const those = known.length === 0 ? ' which is empty' : `: ${[...known].sort().join(', ')}`;
      found.notFoundBecause(path, name, `must be one of the names in pod.spec.resourceClaims${those}`);
    }
  }
}
