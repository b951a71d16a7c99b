/** HorizontalPodAutoscalers (stored as v2) and PodDisruptionBudgets. */
import { compareQuantities } from '../../kinds/quantity.ts';
import type { KubeObject } from '../../types.ts';
import { labelSelector, nonNegativeIntOrPercent, notOverAll, oneOf } from './common-validation.ts';
import type { Findings } from './field-errors.ts';
import { ensure, type Fields, fieldsOf, has, itemsOf, numberOf, setDefault, textOf } from './fields.ts';
import { internalForm } from './internal-form.ts';
import { kindStrategy } from './kind-strategy.ts';
import { pathSegmentProblems } from './names.ts';

const specOf = (object: KubeObject) => fieldsOf(object['spec']);
/** Percent of the request that CPU is kept at when no metric is named. */
const CPU_UTILIZATION = 80;

function hpaDefaults(object: KubeObject): void {
  const spec = ensure(object, 'spec');
  setDefault(spec, 'minReplicas', 1);
  if (itemsOf(spec['metrics']).length === 0) {
    const target = { type: 'Utilization', averageUtilization: CPU_UTILIZATION };
    spec['metrics'] = [{ type: 'Resource', resource: { name: 'cpu', target } }];
  }
  if (!has(spec, 'behavior')) return;
  const behavior = fieldsOf(spec['behavior']);
  const up = ensure(behavior, 'scaleUp');
  setDefault(up, 'stabilizationWindowSeconds', 0);
  setDefault(up, 'selectPolicy', 'Max');
  setDefault(up, 'policies', [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ]);
  const down = ensure(behavior, 'scaleDown');
  setDefault(down, 'selectPolicy', 'Max');
  setDefault(down, 'policies', [{ type: 'Percent', value: 100, periodSeconds: 15 }]);
}

function segment(found: Findings, field: string, value: unknown, detail = ''): void {
  const text = textOf(value);
  if (text === '') found.required(field, detail);
  else found.invalidEach(field, text, pathSegmentProblems(text));
}

function reference(found: Findings, field: string, value: Fields, needsGroup: boolean): void {
  segment(found, `${field}.kind`, value['kind']);
  segment(found, `${field}.name`, value['name']);
  const version = textOf(value['apiVersion']);
  const parts = version.split('/').length;
  if (parts > 2) found.invalid(`${field}.apiVersion`, version, `unexpected GroupVersion string: ${version}`);
  else if (needsGroup && parts < 2) found.invalid(`${field}.apiVersion`, version, 'apiVersion must specify API group');
}

/** The types of metrics and the field each is told in, in the order of the real checks. */
const SOURCES: Readonly<Record<string, string>> = {
  Object: 'object',
  External: 'external',
  Pods: 'pods',
  Resource: 'resource',
  ContainerResource: 'containerResource',
};
const TYPES = Object.keys(SOURCES).sort();

function target(found: Findings, field: string, value: Fields): void {
  const type = textOf(value['type']);
  if (type === '') found.required(`${field}.type`, 'must specify a metric target type');
  if (!['Utilization', 'Value', 'AverageValue'].includes(type)) {
    found.invalid(`${field}.type`, type, 'must be either Utilization, Value, or AverageValue');
  }
  for (const name of ['value', 'averageValue']) {
    const quantity = value[name];
    if (quantity !== undefined && compareQuantities(textOf(quantity), '0') <= 0) {
      found.invalid(`${field}.${name}`, quantity, 'must be positive');
    }
  }
  const utilization = value['averageUtilization'];
  if (utilization !== undefined && numberOf(utilization) < 1) {
    found.invalid(`${field}.averageUtilization`, utilization, 'must be greater than 0');
  }
}

function source(found: Findings, field: string, kind: string, value: Fields): void {
  const aim = fieldsOf(value['target']);
  if (kind === 'object') reference(found, `${field}.describedObject`, fieldsOf(value['describedObject']), false);
  if (kind === 'resource' || kind === 'containerResource') {
    if (textOf(value['name']) === '') found.required(`${field}.name`, 'must specify a resource name');
    if (kind === 'containerResource' && textOf(value['container']) === '') {
      found.required(`${field}.container`, 'must specify a container');
    }
  } else segment(found, `${field}.metric.name`, fieldsOf(value['metric'])['name'], 'must specify a metric name');
  target(found, `${field}.target`, aim);
  const none = (...names: string[]) => names.every((name) => !has(aim, name));
  if (kind === 'pods') {
    if (none('averageValue'))
      found.required(`${field}.target.averageValue`, 'must specify a positive target averageValue');
  } else if (kind === 'object') {
    if (none('value', 'averageValue')) {
      found.required(`${field}.target.averageValue`, 'must set either a target value or averageValue');
    }
  } else if (kind === 'external') {
    if (none('value', 'averageValue')) {
      const why = 'must set either a target value for metric or a per-pod target';
      found.required(`${field}.target.averageValue`, why);
    }
  } else if (none('averageUtilization', 'averageValue')) {
    const why = 'must set either a target raw value or a target utilization';
    found.required(`${field}.target.averageUtilization`, why);
  } else if (has(aim, 'averageUtilization') && has(aim, 'averageValue')) {
    const why = 'may not set both a target raw value and a target utilization';
    found.forbidden(`${field}.target.averageValue`, why);
  }
}

function metric(found: Findings, field: string, value: Fields): void {
  const type = textOf(value['type']);
  const expected = SOURCES[type];
  if (type === '') found.required(`${field}.type`, 'must specify a metric source type');
  if (expected === undefined) found.notSupported(`${field}.type`, type, TYPES);
  const given = Object.values(SOURCES).filter((name) => has(value, name));
  const [first] = given;
  if (first !== undefined) source(found, `${field}.${first}`, first, fieldsOf(value[first]));
  if (expected === undefined) found.notSupported(`${field}.type`, type, TYPES);
  else if (!has(value, expected)) {
    found.required(`${field}.${expected}`, 'must populate information for the given metric source');
  }
  if (given.length === 1) return;
  for (const name of given) {
    if (name !== expected) found.forbidden(`${field}.${name}`, 'must populate the given metric source only');
  }
}

const MAX_WINDOW_SECONDS = 3600;
const MAX_PERIOD_SECONDS = 1800;

function scalingRules(found: Findings, field: string, rules: Fields): void {
  const window = rules['stabilizationWindowSeconds'];
  if (window !== undefined && numberOf(window) < 0) {
    found.invalid(`${field}.stabilizationWindowSeconds`, window, 'must be greater than or equal to zero');
  }
  if (window !== undefined && numberOf(window) > MAX_WINDOW_SECONDS) {
    const why = `must be less than or equal to ${MAX_WINDOW_SECONDS}`;
    found.invalid(`${field}.stabilizationWindowSeconds`, window, why);
  }
  if (has(rules, 'selectPolicy'))
    oneOf(found, `${field}.selectPolicy`, rules['selectPolicy'], ['Disabled', 'Max', 'Min']);
  const policies = itemsOf(rules['policies']);
  if (policies.length === 0) found.required(`${field}.policies`, 'must specify at least one Policy');
  for (const [index, policy] of policies.entries()) {
    const path = `${field}.policies[${index}]`;
    const period = numberOf(policy['periodSeconds']);
    oneOf(found, `${path}.type`, policy['type'], ['Percent', 'Pods']);
    if (numberOf(policy['value']) <= 0)
      found.invalid(`${path}.value`, numberOf(policy['value']), 'must be greater than zero');
    if (period <= 0) found.invalid(`${path}.periodSeconds`, period, 'must be greater than zero');
    if (period > MAX_PERIOD_SECONDS) {
      found.invalid(`${path}.periodSeconds`, period, `must be less than or equal to ${MAX_PERIOD_SECONDS}`);
    }
  }
}

function hpa(found: Findings, object: KubeObject): void {
  const spec = specOf(object);
  const low = numberOf(spec['minReplicas']);
  const high = numberOf(spec['maxReplicas']);
  if (low < 1) found.invalid('spec.minReplicas', low, 'must be greater than or equal to 1');
  if (high === 0) found.required('spec.maxReplicas', 'must be set and greater than 0');
  else if (high < 0) found.invalid('spec.maxReplicas', high, 'must be greater than or equal to 1');
  if (high < low) found.invalid('spec.maxReplicas', high, 'must be greater than or equal to `minReplicas`');
  reference(found, 'spec.scaleTargetRef', fieldsOf(spec['scaleTargetRef']), true);
  const metrics = itemsOf(spec['metrics']);
  for (const [index, value] of metrics.entries()) metric(found, `spec.metrics[${index}]`, value);
  if (low === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External')) {
    found.forbidden(
      'spec.metrics',
      'must specify at least one Object or External metric to support scaling to zero replicas',
    );
  }
  const behavior = fieldsOf(spec['behavior']);
  for (const direction of ['scaleUp', 'scaleDown']) {
    if (has(behavior, direction)) scalingRules(found, `spec.behavior.${direction}`, fieldsOf(behavior[direction]));
  }
}

function budget(found: Findings, object: KubeObject): void {
  const spec = specOf(object);
  if (has(spec, 'minAvailable') && has(spec, 'maxUnavailable')) {
    const shown = internalForm('policy.PodDisruptionBudgetSpec', spec);
    found.invalid('spec', shown, 'minAvailable and maxUnavailable cannot be both set');
  }
  for (const name of ['minAvailable', 'maxUnavailable']) {
    if (!has(spec, name)) continue;
    nonNegativeIntOrPercent(found, `spec.${name}`, spec[name]);
    notOverAll(found, `spec.${name}`, spec[name]);
  }
  if (has(spec, 'selector')) labelSelector(found, 'spec.selector', spec['selector']);
  const policy = spec['unhealthyPodEvictionPolicy'];
  if (policy !== undefined) oneOf(found, 'spec.unhealthyPodEvictionPolicy', policy, ['AlwaysAllow', 'IfHealthyBudget']);
}

export const SCALING_STRATEGIES = {
  'horizontalpodautoscalers.autoscaling': kindStrategy('autoscaling.HorizontalPodAutoscaler', {
    status: 'autoscaling.HorizontalPodAutoscalerStatus',
    defaults: hpaDefaults,
    validate: hpa,
  }),
  'poddisruptionbudgets.policy': kindStrategy('policy.PodDisruptionBudget', {
    generation: true,
    status: 'policy.PodDisruptionBudgetStatus',
    validate: budget,
  }),
};
