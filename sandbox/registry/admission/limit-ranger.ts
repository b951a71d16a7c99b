/** LimitRanger: requests and limits that a namespace gives by default, and the bounds within which they must be. */
import { forbidden } from '../../api/failure.ts';
import { compareQuantities, parseQuantity } from '../../kinds/quantity.ts';
import type { KubeObject } from '../../types.ts';
import { ensureRecord, type Json, recordAt, recordsAt, textAt, textsAt } from '../json.ts';
import { type Parts, storedIn } from '../parts.ts';
import { aggregate, limitsOf, requestsOf } from '../strategies/resource-sums.ts';
import type { Attributes, Plugin } from './types.ts';

const ANNOTATION = 'kubernetes.io/limit-ranger';

type Quantities = Readonly<Record<string, string>>;

export const limitRanger: Plugin = {
  mutate(attributes, parts) {
    if (!concerns(attributes) || attributes.resource.id !== 'pods' || attributes.subresource !== '') return;
    for (const range of rangesOf(attributes, parts)) setDefaults(attributes.object, range);
  },
  validate(attributes, parts) {
    if (!concerns(attributes)) return undefined;
    for (const range of rangesOf(attributes, parts)) {
      const problems =
        attributes.resource.id === 'pods'
          ? podProblems(attributes.object, range)
          : claimProblems(attributes.object, range);
      const [first] = problems;
      if (first === undefined) continue;
      const why = problems.length === 1 ? first : `[${problems.join(', ')}]`;
      throw forbidden(attributes.resource, attributes.name, why);
    }
    return undefined;
  },
};

function concerns({ operation, resource, subresource, old }: Attributes): boolean {
  if (operation === 'delete' || old?.metadata.deletionTimestamp !== undefined) return false;
  if (resource.id === 'pods') return subresource === '' ? operation === 'create' : subresource === 'resize';
  return resource.id === 'persistentvolumeclaims' && subresource === '';
}

const rangesOf = ({ namespace }: Attributes, parts: Parts) => storedIn(parts, 'limitranges', namespace);

function setDefaults(pod: KubeObject, range: KubeObject): void {
  const defaults = { requests: {} as Quantities, limits: {} as Quantities };
  for (const limit of recordsAt(range, 'spec', 'limits')) {
    if (limit['type'] !== 'Container') continue;
    defaults.requests = { ...defaults.requests, ...textsAt(limit, 'defaultRequest') };
    defaults.limits = { ...defaults.limits, ...textsAt(limit, 'default') };
  }
  const said: string[] = [];
  for (const container of recordsAt(pod, 'spec', 'containers')) said.push(...merge(container, defaults, 'container'));
  for (const container of recordsAt(pod, 'spec', 'initContainers')) {
    said.push(...merge(container, defaults, 'init container'));
  }
  if (said.length === 0) return;
  pod.metadata.annotations = {
    ...pod.metadata.annotations,
    [ANNOTATION]: `LimitRanger plugin set: ${said.join('; ')}`,
  };
}

/** What was set, told for the annotation. */
function merge(container: Json, defaults: { requests: Quantities; limits: Quantities }, what: string): string[] {
  const said: string[] = [];
  for (const part of ['requests', 'limits'] as const) {
    const given = recordAt(container, 'resources', part);
    const missing = Object.entries(defaults[part]).filter(([name]) => given[name] === undefined);
    if (missing.length === 0) continue;
    ensureRecord(container, 'resources')[part] = sorted({ ...given, ...Object.fromEntries(missing) });
    const names = missing.map(([name]) => name).sort();
    said.push(`${names.join(', ')} ${part.slice(0, -1)} for ${what} ${textAt(container, 'name')}`);
  }
  return said;
}

const sorted = (record: Json) => Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

function podProblems(pod: KubeObject, range: KubeObject): string[] {
  const containers = [...recordsAt(pod, 'spec', 'containers'), ...recordsAt(pod, 'spec', 'initContainers')];
  return recordsAt(range, 'spec', 'limits').flatMap((limit) => {
    if (limit['type'] === 'Container') {
      return containers.flatMap((container) => problemsOf(limit, requestsOf(container), limitsOf(container)));
    }
    if (limit['type'] !== 'Pod') return [];
    const spec = recordAt(pod, 'spec');
    const whole = (part: string) => textsAt(spec, 'resources', part);
    return problemsOf(
      limit,
      { ...aggregate(spec, requestsOf), ...whole('requests') },
      { ...aggregate(spec, limitsOf), ...whole('limits') },
    );
  });
}

function problemsOf(limit: Json, requests: Quantities, limits: Quantities): string[] {
  const type = textAt(limit, 'type');
  const found: (string | undefined)[] = [];
  for (const [name, min] of entries(limit, 'min')) found.push(tooSmall(type, name, min, requests[name], limits[name]));
  for (const [name, max] of entries(limit, 'max')) found.push(tooLarge(type, name, max, requests[name], limits[name]));
  for (const [name, ratio] of entries(limit, 'maxLimitRequestRatio')) {
    found.push(tooUneven(type, name, ratio, requests[name], limits[name]));
  }
  return found.filter((problem) => problem !== undefined);
}

const entries = (limit: Json, part: string) =>
  Object.entries(textsAt(limit, part)).sort(([a], [b]) => (a < b ? -1 : 1));

function tooSmall(type: string, name: string, min: string, request?: string, limit?: string): string | undefined {
  const bound = `minimum ${name} usage per ${type} is ${min}`;
  if (request === undefined) return `${bound}.  No request is specified`;
  if (compareQuantities(request, min) < 0) return `${bound}, but request is ${request}`;
  if (limit !== undefined && compareQuantities(limit, min) < 0) return `${bound}, but limit is ${limit}`;
  return undefined;
}

function tooLarge(type: string, name: string, max: string, request?: string, limit?: string): string | undefined {
  const bound = `maximum ${name} usage per ${type} is ${max}`;
  if (limit === undefined) return `${bound}.  No limit is specified`;
  if (compareQuantities(limit, max) > 0) return `${bound}, but limit is ${limit}`;
  if (request !== undefined && compareQuantities(request, max) > 0) return `${bound}, but request is ${request}`;
  return undefined;
}

function tooUneven(type: string, name: string, most: string, request?: string, limit?: string): string | undefined {
  const bound = `${name} max limit to request ratio per ${type} is ${most}`;
  const asked = parseQuantity(request ?? '0') ?? 0;
  const capped = parseQuantity(limit ?? '0') ?? 0;
  if (asked === 0) return `${bound}, but no request is specified or request is 0`;
  if (capped === 0) return `${bound}, but no limit is specified or limit is 0`;
  const ratio = capped / asked;
  return ratio > (parseQuantity(most) ?? 0) ? `${bound}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}

function claimProblems(claim: KubeObject, range: KubeObject): string[] {
  const requests = textsAt(claim, 'spec', 'resources', 'requests');
  return recordsAt(range, 'spec', 'limits').flatMap((limit) => {
    if (limit['type'] !== 'PersistentVolumeClaim') return [];
    const type = 'PersistentVolumeClaim';
    const small = entries(limit, 'min').map(([name, min]) => tooSmall(type, name, min, requests[name]));
    const large = entries(limit, 'max').map(([name, max]) => tooMuch(type, name, max, requests[name]));
    return [...small, ...large].filter((problem) => problem !== undefined);
  });
}

function tooMuch(type: string, name: string, max: string, request?: string): string | undefined {
  const bound = `maximum ${name} usage per ${type} is ${max}`;
  if (request === undefined) return `${bound}.  No request is specified`;
  return compareQuantities(request, max) > 0 ? `${bound}, but request is ${request}` : undefined;
}
