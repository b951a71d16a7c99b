/** ResourceQuota: what a namespace may hold at most. What is let through is counted at once. */
import { forbidden } from '../../api/failure.ts';
import { addQuantities, compareQuantities, subtractQuantities } from '../../kinds/quantity.ts';
import type { KubeObject } from '../../types.ts';
import { ensureRecord, numberAt, recordsAt, textsAt } from '../json.ts';
import { type Parts, storedIn } from '../parts.ts';
import { computeUsage, countedNames, isQuotaIgnored, matchesScopes, type Usage, usageOf } from '../quota/usage.ts';
import { limitsOf, requestsOf } from '../strategies/resource-sums.ts';
import type { Attributes, Plugin } from './types.ts';

/** What every container must name where a quota limits it. */
const MUST_BE_NAMED = new Set(['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory']);

export const resourceQuota: Plugin = {
  validate(attributes, parts) {
    if (!concerns(attributes)) return undefined;
    const charges = storedIn(parts, 'resourcequotas', attributes.namespace).flatMap((quota) => {
      const charge = chargeOf(attributes, quota, parts);
      return charge === undefined ? [] : [{ quota, charge }];
    });
    if (charges.length === 0) return undefined;
    return () => {
      for (const { quota, charge } of charges) count(parts, quota, charge);
    };
  },
};

function concerns({ operation, resource, subresource, object, old }: Attributes): boolean {
  if (operation === 'delete' || !resource.namespaced || isQuotaIgnored(resource.id)) return false;
  if (resource.id === 'pods') {
    if (subresource !== '') return subresource === 'resize';
    return operation === 'create' || isTerminating(object) !== isTerminating(old);
  }
  if (subresource !== '') return false;
  return operation === 'create' || resource.id === 'services' || resource.id === 'persistentvolumeclaims';
}

const isTerminating = (pod: KubeObject | undefined) => numberAt(pod, 'spec', 'activeDeadlineSeconds') !== undefined;

/** What the write adds to the use of a quota; undefined when the quota does not care. */
function chargeOf(attributes: Attributes, quota: KubeObject, parts: Parts): Usage | undefined {
  const { resource, object, old } = attributes;
  const hard = textsAt(quota, 'status', 'hard');
  const counted = countedNames(resource.id, Object.keys(hard)).sort();
  if (counted.length === 0 || !matchesScopes(quota, resource.id, object)) return undefined;
  if (resource.id === 'pods') checkNamed(attributes, quota, counted);
  const used = textsAt(quota, 'status', 'used');
  if (counted.some((name) => used[name] === undefined)) {
    refuse(attributes, `status unknown for quota: ${quota.metadata.name}, resources: ${counted.join(',')}`);
  }
  const now = parts.clock.now();
  const usage = usageOf(resource.id, object, now);
  const before = old !== undefined && matchesScopes(quota, resource.id, old) ? usageOf(resource.id, old, now) : {};
  const charge: Usage = {};
  for (const name of counted) {
    const added = subtractQuantities(usage[name] ?? '0', before[name] ?? '0');
    if (compareQuantities(added, '0') > 0) charge[name] = added;
  }
  if (Object.keys(charge).length === 0) return undefined;
  checkRoom(attributes, quota.metadata.name, charge, used, hard);
  return charge;
}

function checkNamed(attributes: Attributes, quota: KubeObject, counted: readonly string[]): void {
  const spec = attributes.object['spec'];
  if (Object.keys(textsAt(spec, 'resources', 'requests')).length > 0) return;
  const required = counted.filter((name) => MUST_BE_NAMED.has(name));
  const containers = [...recordsAt(spec, 'containers'), ...recordsAt(spec, 'initContainers')];
  const problems = required.flatMap((name) => {
    const missing = containers.filter((one) => computeUsage(requestsOf(one), limitsOf(one))[name] === undefined);
    const names = missing.map((container) => String(container['name'] ?? '')).sort();
    return names.length === 0 ? [] : [`${name} for: ${names.join(',')}`];
  });
  if (problems.length > 0)
    refuse(attributes, `failed quota: ${quota.metadata.name}: must specify ${problems.join('; ')}`);
}

function checkRoom(attributes: Attributes, quota: string, charge: Usage, used: Usage, hard: Usage): void {
  const exceeded = Object.keys(charge).filter((name) => {
    const sum = addQuantities(used[name] ?? '0', charge[name] ?? '0');
    return compareQuantities(sum, hard[name] ?? '0') > 0;
  });
  if (exceeded.length === 0) return;
  const shown = (values: Usage) =>
    exceeded
      .sort()
      .map((name) => `${name}=${values[name]}`)
      .join(',');
  const why = `exceeded quota: ${quota}, requested: ${shown(charge)}, used: ${shown(used)}, limited: ${shown(hard)}`;
  refuse(attributes, why);
}

function refuse({ resource, name }: Attributes, why: string): never {
  throw forbidden(resource, name, why);
}

function count(parts: Parts, quota: KubeObject, charge: Usage): void {
  const { namespace = '', name } = quota.metadata;
  parts.updateStatus('resourcequotas', namespace, name, (draft) => {
    const used = ensureRecord(draft, 'status', 'used');
    for (const [resource, quantity] of Object.entries(charge)) {
      used[resource] = addQuantities(String(used[resource] ?? '0'), quantity);
    }
  });
}
