/** Problems of a CustomResourceDefinition, as the real server tells them. */
import type { FieldError } from '../api/failure.ts';
import { Findings } from '../registry/strategies/field-errors.ts';
import { dns1035LabelProblems, dnsSubdomainProblems } from '../registry/strategies/names.ts';
import type { KubeObject } from '../types.ts';
import { type Fields, fieldsAt, isFields, itemsOf, textOf, textsOf } from './json-fields.ts';
import type { Schema } from './schema.ts';
import { schemaProblems } from './structural-schema.ts';

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const COLUMN_FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];
const APPROVAL = 'api-approved.kubernetes.io';
const PULL_REQUEST = 'see https://github.com/kubernetes/enhancements/pull/1111';

export function crdProblems(crd: KubeObject): FieldError[] {
  const found = new Findings();
  const spec = fieldsAt(crd, 'spec');
  const names = fieldsAt(spec, 'names');
  const group = textOf(spec['group']);
  if (crd.metadata.name !== `${textOf(names['plural'])}.${group}`) {
    found.invalid('metadata.name', crd.metadata.name, 'must be spec.names.plural+"."+spec.group');
  }
  checkGroup(group, found);
  checkScope(textOf(spec['scope']), found);
  const versions = itemsOf(spec['versions']);
  versions.forEach((version, index) => {
    if (!isFields(schemaOf(version))) found.required(`spec.versions[${index}].schema.openAPIV3Schema`);
  });
  checkVersions(versions, found);
  checkNames(names, 'spec.names', found);
  checkShared(versions, found);
  checkConversion(fieldsAt(spec, 'conversion'), found);
  checkStoredVersions(crd, versions, found);
  checkApproval(crd, group, found);
  if (spec['preserveUnknownFields'] === true) {
    found.invalid(
      'spec.preserveUnknownFields',
      true,
      'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
    );
  }
  return found.list;
}

export function crdUpdateProblems(crd: KubeObject, old: KubeObject): FieldError[] {
  const found = new Findings();
  const conditions = itemsOf(fieldsAt(old, 'status')['conditions']);
  const established = conditions.some(({ type, status }) => type === 'Established' && status === 'True');
  const fixed = (path: readonly string[], parent: readonly string[]) => {
    const key = path.at(-1) ?? '';
    const [next, before] = [fieldsAt(crd, 'spec', ...parent)[key], fieldsAt(old, 'spec', ...parent)[key]];
    if (next !== before) found.invalid(`spec.${path.join('.')}`, next ?? '', 'field is immutable');
  };
  if (established) {
    fixed(['scope'], []);
    fixed(['names', 'kind'], ['names']);
  }
  fixed(['group'], []);
  fixed(['names', 'plural'], ['names']);
  return found.list;
}

const schemaOf = (version: Fields) => fieldsAt(version, 'schema')['openAPIV3Schema'];

function checkGroup(group: string, found: Findings): void {
  if (group === '') {
    found.required('spec.group');
    return;
  }
  const problems = dnsSubdomainProblems(group);
  if (problems.length > 0) found.invalid('spec.group', group, problems.join(','));
  else if (!group.includes('.')) found.invalid('spec.group', group, 'should be a domain with at least one dot');
}

function checkScope(scope: string, found: Findings): void {
  if (scope === '') found.required('spec.scope');
  else if (!['Cluster', 'Namespaced'].includes(scope))
    found.notSupported('spec.scope', scope, ['Cluster', 'Namespaced']);
}

/** What all versions have alike stands above them in the server's own form, and is told to stand there. */
function isShared(versions: readonly Fields[], key: string): boolean {
  const texts = new Set(versions.map((version) => JSON.stringify(version[key])));
  return texts.size === 1 && !texts.has(undefined as never);
}

function checkVersions(versions: readonly Fields[], found: Findings): void {
  versions.forEach((version, index) => {
    const path = `spec.versions[${index}]`;
    const name = textOf(version['name']);
    const problems = dns1035LabelProblems(name);
    if (problems.length > 0) found.invalid(`${path}.name`, name, problems.join(','));
    checkDeprecation(version, path, found);
    if (!isShared(versions, 'schema')) checkSchema(version, `${path}.schema`, found);
    if (!isShared(versions, 'subresources')) checkSubresources(version, `${path}.subresources`, found);
    if (!isShared(versions, 'additionalPrinterColumns'))
      checkColumns(version, `${path}.additionalPrinterColumns`, found);
  });
  const names = versions.map(({ name }) => name);
  if (new Set(names).size < names.length)
    found.invalid('spec.versions', versions.map(internalVersion), 'must contain unique version names');
  if (versions.filter(({ storage }) => storage === true).length !== 1) {
    found.invalid(
      'spec.versions',
      versions.map(internalVersion),
      'must have exactly one version marked as storage version',
    );
  }
}

/** A version as messages show it: in the server's own form, where what is shared stands elsewhere. */
const internalVersion = (version: Fields) => ({
  Name: textOf(version['name']),
  Served: version['served'] === true,
  Storage: version['storage'] === true,
  Deprecated: version['deprecated'] === true,
  DeprecationWarning: version['deprecationWarning'] ?? null,
  Schema: null,
  Subresources: null,
  AdditionalPrinterColumns: null,
  SelectableFields: null,
});

function checkShared(versions: readonly Fields[], found: Findings): void {
  const [first] = versions;
  if (first === undefined) return;
  if (isShared(versions, 'schema')) checkSchema(first, 'spec.validation', found);
  if (isShared(versions, 'subresources')) checkSubresources(first, 'spec.subresources', found);
  if (isShared(versions, 'additionalPrinterColumns')) checkColumns(first, 'spec.additionalPrinterColumns', found);
}

function checkSchema(version: Fields, path: string, found: Findings): void {
  const schema = schemaOf(version);
  // Its shape is that of any JSON schema; whether it is more is what is checked here.
  if (isFields(schema)) found.append(schemaProblems(schema as Schema, `${path}.openAPIV3Schema`));
}

function checkDeprecation(version: Fields, path: string, found: Findings): void {
  const warning = version['deprecationWarning'];
  if (typeof warning !== 'string') return;
  const field = `${path}.deprecationWarning`;
  if (version['deprecated'] !== true) {
    found.invalid(field, warning, 'can only be set for deprecated versions');
    return;
  }
  if (warning.length > 256) found.invalid(field, warning, 'must be <= 256 characters long');
  if (warning === '') found.invalid(field, warning, 'must not be an empty string');
}

function checkSubresources(version: Fields, path: string, found: Findings): void {
  const { scale } = fieldsAt(version, 'subresources');
  if (!isFields(scale)) return;
  const need = (key: string, root: string) => {
    const value = textOf(scale[key]);
    if (value === '') {
      found.required(`${path}.scale.${key}`);
      return;
    }
    if (!checkPath(value, `${path}.scale.${key}`, found)) return;
    if (!value.startsWith(`${root}.`))
      found.invalid(`${path}.scale.${key}`, value, `should be a json path under ${root}`);
  };
  need('specReplicasPath', '.spec');
  need('statusReplicasPath', '.status');
  const selector = textOf(scale['labelSelectorPath']);
  if (selector === '') return;
  if (!checkPath(selector, `${path}.scale.labelSelectorPath`, found)) return;
  if (!/^\.(spec|status)\./.test(selector)) {
    const why = 'should be a json path under either .spec or .status';
    found.invalid(`${path}.scale.labelSelectorPath`, selector, why);
  }
}

function checkPath(value: string, field: string, found: Findings): boolean {
  const simple = value.startsWith('.');
  const dotted = !/[[\]]/.test(value);
  if (!simple) found.invalid(field, value, 'must be a simple json path starting with .');
  else if (!dotted) found.invalid(field, value, 'must be a json path in the dot notation');
  return simple && dotted;
}

function checkColumns(version: Fields, path: string, found: Findings): void {
  itemsOf(version['additionalPrinterColumns']).forEach((column, index) => {
    const at = `${path}[${index}]`;
    const [name, type, format, jsonPath] = ['name', 'type', 'format', 'jsonPath'].map((key) => textOf(column[key]));
    if (name === '') found.required(`${at}.name`);
    const types = `must be one of ${COLUMN_TYPES.join(',')}`;
    if (type === '') found.required(`${at}.type`, types);
    else if (!COLUMN_TYPES.includes(type ?? '')) found.invalid(`${at}.type`, type, types);
    if (format !== '' && !COLUMN_FORMATS.includes(format ?? '')) {
      found.invalid(`${at}.format`, format, `must be one of ${COLUMN_FORMATS.join(',')}`);
    }
    if (jsonPath === '') found.required(`${at}.JSONPath`);
    else if (!jsonPath?.startsWith('.')) {
      found.invalid(`${at}.JSONPath`, jsonPath, 'must be a simple json path starting with .');
    }
  });
}

function checkNames(names: Fields, path: string, found: Findings): void {
  for (const key of ['plural', 'singular', 'kind', 'listKind']) {
    if (textOf(names[key]) === '') found.required(`${path}.${key}`);
  }
  const label = (key: string, text: string, lead = '') => {
    const problems = text === '' ? [] : dns1035LabelProblems(lead === '' ? text : text.toLowerCase());
    if (problems.length > 0) found.invalid(`${path}.${key}`, text, lead + problems.join(','));
  };
  const mixed = 'may have mixed case, but should otherwise match: ';
  label('plural', textOf(names['plural']));
  label('singular', textOf(names['singular']));
  label('kind', textOf(names['kind']), mixed);
  label('listKind', textOf(names['listKind']), mixed);
  for (const [index, name] of textsOf(names['shortNames']).entries()) label(`shortNames[${index}]`, name);
  if (textOf(names['kind']) !== '' && names['kind'] === names['listKind']) {
    found.invalid(`${path}.listKind`, names['listKind'], 'kind and listKind may not be the same');
  }
  for (const [index, name] of textsOf(names['categories']).entries()) label(`categories[${index}]`, name);
}

function checkConversion(conversion: Fields, found: Findings): void {
  const strategy = textOf(conversion['strategy']);
  if (strategy === '') found.required('spec.conversion.strategy');
  else if (!['None', 'Webhook'].includes(strategy)) {
    found.notSupported('spec.conversion.strategy', strategy, ['None', 'Webhook']);
  }
  const { webhook } = conversion;
  if (strategy === 'Webhook' && !isFields(fieldsAt(conversion, 'webhook')['clientConfig'])) {
    found.required('spec.conversion.webhookClientConfig', 'required when strategy is set to Webhook');
  }
  if (strategy === 'Webhook' && textsOf(fieldsAt(conversion, 'webhook')['conversionReviewVersions']).length === 0) {
    found.required('spec.conversion.conversionReviewVersions');
  }
  if (strategy !== 'Webhook' && isFields(webhook)) {
    found.forbidden('spec.conversion.webhookClientConfig', 'should not be set when strategy is not set to Webhook');
  }
}

function checkStoredVersions(crd: KubeObject, versions: readonly Fields[], found: Findings): void {
  const stored = textsOf(fieldsAt(crd, 'status')['storedVersions']);
  const field = 'status.storedVersions';
  if (stored.length === 0) {
    found.invalid(field, null, 'must have at least one stored version');
    return;
  }
  for (const version of versions) {
    const name = textOf(version['name']);
    if (version['storage'] === true && !stored.includes(name)) {
      found.invalid(field, stored, `must have the storage version ${name}`);
    }
  }
  stored.forEach((name, index) => {
    if (versions.some((version) => version['name'] === name)) return;
    const why = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    found.invalid(`${field}[${index}]`, name, why);
  });
}

/** Groups of the project itself are guarded by an annotation. */
function checkApproval(crd: KubeObject, group: string, found: Findings): void {
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(group)) return;
  const field = `metadata.annotations[${APPROVAL}]`;
  const approval = crd.metadata.annotations?.[APPROVAL] ?? '';
  if (approval === '') {
    found.required(
      field,
      `protected groups must have approval annotation ${JSON.stringify(APPROVAL)}, ${PULL_REQUEST}`,
    );
  } else if (!approval.startsWith('unapproved') && !/^[a-z][a-z0-9+.-]*:\/\/[^/]+/i.test(approval)) {
    const why = `protected groups must have approval annotation ${JSON.stringify(APPROVAL)} with either a URL or a reason starting with "unapproved", ${PULL_REQUEST}`;
    found.invalid(field, approval, why);
  }
}
