/** What a pod says about where it may run: affinity, tolerations, spreading. */
import { dnsLabel, labelSelector, oneOf, positive, qualifiedName } from './common-validation.ts';
import type { Findings } from './field-errors.ts';
import { type Fields, fieldsOf, has, itemsOf, numberOf, stringsOf, textOf } from './fields.ts';
import { dnsSubdomainProblems, labelKeyProblems, labelValueProblems } from './names.ts';

export const TAINT_EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

function nodeRequirement(found: Findings, field: string, requirement: Fields): void {
  const values = stringsOf(requirement['values']);
  const operator = textOf(requirement['operator']);
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) found.required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) {
      found.forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    }
  } else if (operator === 'Gt' || operator === 'Lt') {
    if (values.length !== 1) {
      found.required(`${field}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'");
    }
  } else found.invalid(`${field}.operator`, operator, 'not a valid selector operator');
  const key = textOf(requirement['key']);
  found.invalidEach(`${field}.key`, key, labelKeyProblems(key));
}

function nodeFieldRequirement(found: Findings, field: string, requirement: Fields): void {
  const values = stringsOf(requirement['values']);
  const operator = textOf(requirement['operator']);
  if (operator !== 'In' && operator !== 'NotIn')
    found.invalid(`${field}.operator`, operator, 'not a valid selector operator');
  else if (values.length !== 1) {
    found.required(
      `${field}.values`,
      "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
    );
  }
  const key = textOf(requirement['key']);
  if (key !== 'metadata.name') {
    found.invalid(`${field}.key`, key, 'not a valid field selector key');
    return;
  }
  for (const [index, value] of values.entries()) {
    found.invalidEach(`${field}.values[${index}]`, value, dnsSubdomainProblems(value));
  }
}

function nodeTerm(found: Findings, field: string, term: Fields, checkValues: boolean): void {
  for (const [index, requirement] of itemsOf(term['matchExpressions']).entries()) {
    const path = `${field}.matchExpressions[${index}]`;
    nodeRequirement(found, path, requirement);
    if (!checkValues) continue;
    for (const [at, value] of stringsOf(requirement['values']).entries()) {
      found.invalidEach(`${path}.values[${at}]`, value, labelValueProblems(value));
    }
  }
  for (const [index, requirement] of itemsOf(term['matchFields']).entries()) {
    nodeFieldRequirement(found, `${field}.matchFields[${index}]`, requirement);
  }
}

export function nodeSelector(found: Findings, field: string, selector: Fields): void {
  const terms = itemsOf(selector['nodeSelectorTerms']);
  if (terms.length === 0) found.required(`${field}.nodeSelectorTerms`, 'must have at least one node selector term');
  for (const [index, term] of terms.entries()) nodeTerm(found, `${field}.nodeSelectorTerms[${index}]`, term, true);
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

function weight(found: Findings, field: string, term: Fields): void {
  const value = numberOf(term['weight']);
  if (value <= 0 || value > 100) found.invalid(`${field}.weight`, value, 'must be in the range 1-100');
}

function podTerm(found: Findings, field: string, term: Fields): void {
  labelSelector(found, `${field}.labelSelector`, term['labelSelector']);
  labelSelector(found, `${field}.namespaceSelector`, term['namespaceSelector']);
  for (const name of stringsOf(term['namespaces'])) dnsLabel(found, `${field}.namespace`, name);
  const key = textOf(term['topologyKey']);
  if (key === '') found.required(`${field}.topologyKey`, 'can not be empty');
  found.invalidEach(`${field}.topologyKey`, key, labelKeyProblems(key));
}

export function affinity(found: Findings, field: string, value: Fields): void {
  const node = fieldsOf(value['nodeAffinity']);
  if (has(node, REQUIRED)) nodeSelector(found, `${field}.nodeAffinity.${REQUIRED}`, fieldsOf(node[REQUIRED]));
  for (const [index, term] of itemsOf(node[PREFERRED]).entries()) {
    const path = `${field}.nodeAffinity.${PREFERRED}[${index}]`;
    weight(found, path, term);
    nodeTerm(found, `${path}.preference`, fieldsOf(term['preference']), false);
  }
  for (const kind of ['podAffinity', 'podAntiAffinity']) {
    const rules = fieldsOf(value[kind]);
    for (const [index, term] of itemsOf(rules[REQUIRED]).entries()) {
      podTerm(found, `${field}.${kind}.${REQUIRED}[${index}]`, term);
    }
    for (const [index, term] of itemsOf(rules[PREFERRED]).entries()) {
      const path = `${field}.${kind}.${PREFERRED}[${index}]`;
      weight(found, path, term);
      podTerm(found, `${path}.podAffinityTerm`, fieldsOf(term['podAffinityTerm']));
    }
  }
}

export function tolerations(found: Findings, field: string, list: readonly Fields[]): void {
  for (const [index, toleration] of list.entries()) {
    const path = `${field}[${index}]`;
    const key = textOf(toleration['key']);
    const operator = textOf(toleration['operator']);
    const value = textOf(toleration['value']);
    const effect = textOf(toleration['effect']);
    if (key !== '') found.invalidEach(`${path}.key`, key, labelKeyProblems(key));
    else if (operator !== 'Exists') {
      const why = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
      found.invalid(`${path}.operator`, operator, why);
    }
    if (has(toleration, 'tolerationSeconds') && effect !== 'NoExecute') {
      found.invalid(`${path}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }
    if (operator === 'Equal' || operator === '') {
      const problems = labelValueProblems(value);
      if (problems.length > 0) found.invalid(`${path}.operator`, value, problems.join(';'));
    } else if (operator === 'Exists') {
      if (value !== '') found.invalid(`${path}.operator`, value, "value must be empty when `operator` is 'Exists'");
    } else {
      const known = operator === 'Lt' || operator === 'Gt' ? ['Equal', 'Exists', 'Lt', 'Gt'] : ['Equal', 'Exists'];
      found.notSupported(`${path}.operator`, operator, known);
    }
    if (effect !== '') oneOf(found, `${path}.effect`, effect, TAINT_EFFECTS);
  }
}

export function spreadConstraints(found: Findings, field: string, list: readonly Fields[]): void {
  for (const [index, constraint] of list.entries()) {
    const path = `${field}[${index}]`;
    const key = textOf(constraint['topologyKey']);
    const action = textOf(constraint['whenUnsatisfiable']);
    const skew = numberOf(constraint['maxSkew']);
    positive(found, `${path}.maxSkew`, skew);
    if (key === '') found.required(`${path}.topologyKey`, 'can not be empty');
    oneOf(found, `${path}.whenUnsatisfiable`, action, ['DoNotSchedule', 'ScheduleAnyway']);
    const again = list
      .slice(index + 1)
      .some((other) => textOf(other['topologyKey']) === key && other['whenUnsatisfiable'] === action);
    if (again) found.duplicate(`${path}.{topologyKey, whenUnsatisfiable}`, `{${key}, ${action}}`);
    if (has(constraint, 'minDomains')) {
      const domains = numberOf(constraint['minDomains']);
      positive(found, `${path}.minDomains`, domains);
      if (action !== 'DoNotSchedule') {
        const why = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`;
        found.invalid(`${path}.minDomains`, domains, why);
      }
    }
    for (const policy of ['nodeAffinityPolicy', 'nodeTaintsPolicy']) {
      if (has(constraint, policy)) oneOf(found, `${path}.${policy}`, constraint[policy], ['Honor', 'Ignore']);
    }
    labelSelector(found, `${path}.labelSelector`, constraint['labelSelector']);
  }
}

export function schedulingGates(found: Findings, field: string, list: readonly Fields[]): void {
  const seen = new Set<string>();
  for (const [index, gate] of list.entries()) {
    const name = textOf(gate['name']);
    qualifiedName(found, `${field}[${index}]`, name);
    if (seen.has(name)) found.duplicate(`${field}[${index}]`, name);
    seen.add(name);
  }
}
