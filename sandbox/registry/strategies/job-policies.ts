/** The policies of a Job about what its pods' ends mean. */
import { nonNegative, oneOf } from './common-validation.ts';
import type { Findings } from './field-errors.ts';
import { type Fields, fieldsOf, has, itemsOf, numberOf, textOf } from './fields.ts';
import { internalForm } from './internal-form.ts';

const FAILURE_ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const goList = (values: readonly string[]) => `[${values.map((value) => JSON.stringify(value)).join(' ')}]`;

/** When a failed pod fails its Job. */
export function failurePolicy(found: Findings, field: string, spec: Fields): void {
  const pod = fieldsOf(fieldsOf(spec['template'])['spec']);
  const names = [...itemsOf(pod['containers']), ...itemsOf(pod['initContainers'])].map((container) =>
    textOf(container['name']),
  );
  for (const [index, rule] of itemsOf(fieldsOf(spec['podFailurePolicy'])['rules']).entries()) {
    const path = `${field}.rules[${index}]`;
    const action = textOf(rule['action']);
    if (action === '') found.required(`${path}.action`, `valid values: ${goList(FAILURE_ACTIONS)}`);
    else if (action === 'FailIndex') {
      if (!has(spec, 'backoffLimitPerIndex')) {
        found.invalid(`${path}.action`, action, 'requires the backoffLimitPerIndex to be set');
      }
    } else oneOf(found, `${path}.action`, action, FAILURE_ACTIONS);
    const conditions = itemsOf(rule['onPodConditions']);
    if (has(rule, 'onExitCodes')) exitCodes(found, `${path}.onExitCodes`, fieldsOf(rule['onExitCodes']), names);
    for (const [at, pattern] of conditions.entries()) {
      oneOf(found, `${path}.onPodConditions[${at}].status`, pattern['status'], ['False', 'True', 'Unknown']);
    }
    if (has(rule, 'onExitCodes') && conditions.length > 0) {
      found.invalidOmitted(path, 'specifying both OnExitCodes and OnPodConditions is not supported');
    }
    if (!has(rule, 'onExitCodes') && conditions.length === 0) {
      found.invalidOmitted(path, 'specifying one of OnExitCodes and OnPodConditions is required');
    }
  }
}

function exitCodes(found: Findings, field: string, rule: Fields, containers: readonly string[]): void {
  const operator = textOf(rule['operator']);
  if (operator === '') found.required(`${field}.operator`, `valid values: ${goList(['In', 'NotIn'])}`);
  else oneOf(found, `${field}.operator`, operator, ['In', 'NotIn']);
  const name = rule['containerName'];
  if (name !== undefined && !containers.includes(textOf(name))) {
    const why = 'must be one of the container or initContainer names in the pod template';
    found.invalid(`${field}.containerName`, name, why);
  }
  const values = Array.isArray(rule['values']) ? rule['values'].map(numberOf) : [];
  if (values.length === 0) found.invalid(`${field}.values`, rule['values'] ?? null, 'at least one value is required');
  for (const [index, value] of values.entries()) {
    if (operator === 'In' && value === 0)
      found.invalid(`${field}.values[${index}]`, 0, 'must not be 0 for the In operator');
    if (values.indexOf(value) < index) found.duplicate(`${field}.values[${index}]`, value);
  }
  if (values.some((value, index) => index > 0 && (values[index - 1] ?? 0) > value)) {
    found.invalid(`${field}.values`, values, 'must be ordered');
  }
}

/** When an indexed Job counts as done. */
export function successPolicy(found: Findings, field: string, spec: Fields): void {
  const policy = fieldsOf(spec['successPolicy']);
  if (spec['completionMode'] !== 'Indexed') {
    found.invalid(field, internalForm('batch.SuccessPolicy', policy), 'requires indexed completion mode');
    return;
  }
  const rules = itemsOf(policy['rules']);
  if (rules.length === 0) {
    found.required(`${field}.rules`, 'at least one rules must be specified when the successPolicy is specified');
  }
  for (const [index, rule] of rules.entries()) {
    const path = `${field}.rules[${index}]`;
    if (!has(rule, 'succeededCount') && !has(rule, 'succeededIndexes')) {
      found.required(path, 'at least one of succeededCount or succeededIndexes must be specified');
    }
    const count = numberOf(rule['succeededCount']);
    const completions = numberOf(spec['completions']);
    nonNegative(found, `${path}.succeededCount`, count);
    if (count > completions) {
      const why = `must be less than or equal to ${completions} (the number of specified completions)`;
      found.invalid(`${path}.succeededCount`, count, why);
    }
  }
}
