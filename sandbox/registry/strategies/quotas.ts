/** ResourceQuotas and LimitRanges. */
import { compareQuantities, parseQuantity } from '../../kinds/quantity.ts';
import type { KubeObject } from '../../types.ts';
import { sortedEntries } from './common-validation.ts';
import type { Findings } from './field-errors.ts';
import { ensure, type Fields, fieldsOf, has, itemsOf, setDefault, stringsOf, textOf, textsOf } from './fields.ts';
import { internalForm } from './internal-form.ts';
import { kindStrategy } from './kind-strategy.ts';
import { labelKeyProblems } from './names.ts';
import {
  containerResourceName,
  isQuotaResource,
  quotaResourceName,
  resourceAmount,
  resourceName,
} from './resource-validation.ts';

const specOf = (object: KubeObject) => fieldsOf(object['spec']);
const SCOPES = [
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'CrossNamespacePodAffinity',
  'VolumeAttributesClass',
];
const POD_RESOURCES = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory', 'pods'];

/** What a quota of a scope may count. */
function fitsScope(scope: string, resource: string): boolean {
  if (!SCOPES.includes(scope)) return true;
  if (scope === 'BestEffort') return resource === 'pods';
  if (scope === 'VolumeAttributesClass')
    return resource === 'persistentvolumeclaims' || resource === 'requests.storage';
  return (
    POD_RESOURCES.includes(resource) ||
    resource.includes('ephemeral-storage') ||
    resource.startsWith('requests.hugepages-')
  );
}

const CONFLICTS = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;

function quota(found: Findings, object: KubeObject): void {
  const spec = specOf(object);
  const hard = textsOf(spec['hard']);
  for (const [name, quantity] of sortedEntries(hard)) {
    quotaResourceName(found, `spec.hard[${name}]`, name);
    resourceAmount(found, `spec.hard[${name}]`, name, quantity);
  }
  const scopes = stringsOf(spec['scopes']);
  for (const scope of scopes) {
    if (!SCOPES.includes(scope)) found.invalid('spec.scopes', scopes, 'unsupported scope');
    for (const [name] of sortedEntries(hard)) {
      if (isQuotaResource(name) && !fitsScope(scope, name)) {
        found.invalid('spec.scopes', scopes, 'unsupported scope applied to resource');
      }
    }
  }
  for (const [a, b] of CONFLICTS) {
    if (scopes.includes(a) && scopes.includes(b)) found.invalid('spec.scopes', scopes, 'conflicting scopes');
  }
  scopeSelector(found, spec);
}

const EXISTS_ONLY =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";

function scopeSelector(found: Findings, spec: Fields): void {
  const field = 'spec.scopeSelector.matchExpressions';
  for (const requirement of itemsOf(fieldsOf(spec['scopeSelector'])['matchExpressions'])) {
    const scope = textOf(requirement['scopeName']);
    const operator = textOf(requirement['operator']);
    const values = stringsOf(requirement['values']);
    if (!SCOPES.includes(scope)) found.invalid(`${field}.scopeName`, scope, 'unsupported scope');
    for (const [name] of sortedEntries(textsOf(spec['hard']))) {
      if (isQuotaResource(name) && !fitsScope(scope, name)) {
        const shown = internalForm('core.ScopeSelector', spec['scopeSelector']);
        found.invalid(field, shown, 'unsupported scope applied to resource');
      }
    }
    if (
      scope !== 'PriorityClass' &&
      SCOPES.includes(scope) &&
      operator !== 'Exists' &&
      scope !== 'VolumeAttributesClass'
    ) {
      found.invalid(`${field}.operator`, operator, EXISTS_ONLY);
    }
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) {
        const why = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
        found.required(`${field}.values`, why);
      }
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) {
        const why = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
        found.invalid(`${field}.values`, values, why);
      }
    } else found.invalid(`${field}.operator`, operator, 'not a valid selector operator');
  }
}

const LIMIT_TYPES = ['Pod', 'Container', 'PersistentVolumeClaim'];

function limitRange(found: Findings, object: KubeObject): void {
  const types: string[] = [];
  for (const [index, limit] of itemsOf(specOf(object)['limits']).entries()) {
    const field = `spec.limits[${index}]`;
    const type = textOf(limit['type']);
    limitType(found, `${field}.type`, type);
    if (types.includes(type)) found.duplicate(`${field}.type`, type);
    types.push(type);
    limitItem(found, field, type, limit);
  }
}

function limitType(found: Findings, field: string, type: string): void {
  const problems = labelKeyProblems(type);
  found.invalidEach(field, type, problems);
  if (problems.length === 0 && !type.includes('/') && !LIMIT_TYPES.includes(type)) {
    found.invalid(field, type, 'must be a standard limit type or fully qualified');
  }
}

function limitItem(found: Findings, field: string, type: string, limit: Fields): void {
  const checkName = type === 'Pod' || type === 'Container' ? containerResourceName : resourceName;
  const take = (part: string): Record<string, string> => {
    const map = textsOf(limit[part]);
    for (const [name] of sortedEntries(map)) checkName(found, `${field}.${part}[${name}]`, name);
    return map;
  };
  const max = take('max');
  const min = take('min');
  let usual: Record<string, string> = {};
  let usualRequest: Record<string, string> = {};
  if (type === 'Pod') {
    for (const part of ['default', 'defaultRequest']) {
      if (Object.keys(textsOf(limit[part])).length > 0) {
        found.forbidden(`${field}.${part}`, "may not be specified when `type` is 'Pod'");
      }
    }
  } else {
    usual = take('default');
    usualRequest = take('defaultRequest');
  }
  if (type === 'PersistentVolumeClaim' && min['storage'] === undefined && max['storage'] === undefined) {
    found.required(`${field}.limits`, 'either minimum or maximum storage value is required, but neither was provided');
  }
  const ratio = take('maxLimitRequestRatio');
  const names = new Set([max, min, usual, usualRequest, ratio].flatMap((map) => Object.keys(map)));
  for (const name of [...names].sort()) {
    limitOrder(found, field, name, {
      min: min[name],
      max: max[name],
      usual: usual[name],
      request: usualRequest[name],
      ratio: ratio[name],
    });
  }
}

type Limits = Record<'min' | 'max' | 'usual' | 'request' | 'ratio', string | undefined>;

const exceeds = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && compareQuantities(a, b) > 0;

function limitOrder(found: Findings, field: string, name: string, { min, max, usual, request, ratio }: Limits): void {
  const at = (part: string) => `${field}.${part}[${name}]`;
  if (exceeds(min, max)) found.invalid(at('min'), min, `min value ${min} is greater than max value ${max}`);
  if (exceeds(min, request)) {
    found.invalid(at('defaultRequest'), request, `min value ${min} is greater than default request value ${request}`);
  }
  if (exceeds(request, max)) {
    found.invalid(at('defaultRequest'), request, `default request value ${request} is greater than max value ${max}`);
  }
  if (exceeds(request, usual)) {
    const why = `default request value ${request} is greater than default limit value ${usual}`;
    found.invalid(at('defaultRequest'), request, why);
  }
  if (exceeds(min, usual)) found.invalid(at('default'), min, `min value ${min} is greater than default value ${usual}`);
  if (exceeds(usual, max)) found.invalid(at('default'), max, `default value ${usual} is greater than max value ${max}`);
  if (ratio === undefined) return;
  if (compareQuantities(ratio, '1') < 0)
    found.invalid(at('maxLimitRequestRatio'), ratio, `ratio ${ratio} is less than 1`);
  const [most, least, actual] = [max, min, ratio].map((text) => (text === undefined ? undefined : parseQuantity(text)));
  if (most === undefined || least === undefined || actual === undefined || least === 0) return;
  if (actual > most / least) {
    const why = `ratio ${ratio} is greater than max/min = ${(most / least).toFixed(6)}`;
    found.invalid(at('maxLimitRequestRatio'), ratio, why);
  }
}

export const QUOTA_STRATEGIES = {
  resourcequotas: kindStrategy('core.ResourceQuota', {
    status: 'core.ResourceQuotaStatus',
    validate: quota,
    validateUpdate(found, object, old) {
      const scopes = stringsOf(specOf(object)['scopes']);
      const before = stringsOf(specOf(old)['scopes']);
      if ([...scopes].sort().join() !== [...before].sort().join())
        found.invalid('spec.scopes', scopes, 'field is immutable');
    },
  }),
  limitranges: kindStrategy('core.LimitRange', {
    createOnUpdate: true,
    defaults(object) {
      for (const limit of itemsOf(specOf(object)['limits'])) {
        if (limit['type'] !== 'Container') continue;
        const fill = (part: string, from: unknown) => {
          const entries = Object.entries(textsOf(from));
          if (entries.length === 0 && !has(limit, part)) return;
          const into = ensure(limit, part);
          for (const [name, quantity] of entries) setDefault(into, name, quantity);
        };
        fill('default', limit['max']);
        fill('defaultRequest', limit['default']);
        fill('defaultRequest', limit['min']);
      }
    },
    validate: limitRange,
  }),
};
