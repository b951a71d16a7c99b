/** CustomResourceDefinitions: their names, versions and schemas. */
import type { KubeObject } from '../../types.ts';
import { immutable } from './common-validation.ts';
import type { Findings } from './field-errors.ts';
import { ensure, type Fields, fieldsOf, has, itemsOf, semanticEqual, setDefault, stringsOf, textOf } from './fields.ts';
import { internalForm } from './internal-form.ts';
import { dns1035LabelProblems, dnsSubdomainProblems } from './names.ts';
import { structuralSchema } from './structural-schema.ts';

const specOf = (object: KubeObject) => fieldsOf(object['spec']);

export function crdDefaults(object: KubeObject): void {
  const spec = ensure(object, 'spec');
  const names = ensure(spec, 'names');
  const kind = textOf(names['kind']);
  setDefault(names, 'singular', kind.toLowerCase(), true);
  if (kind !== '') setDefault(names, 'listKind', `${kind}List`, true);
  setDefault(spec, 'conversion', { strategy: 'None' });
  const service = fieldsOf(fieldsOf(spec['conversion'])['webhook'])['clientConfig'];
  if (has(fieldsOf(service), 'service')) setDefault(fieldsOf(fieldsOf(service)['service']), 'port', 443);
}

function enumeration(found: Findings, field: string, value: string, known: readonly string[]): void {
  if (value === '') found.required(field);
  else if (!known.includes(value)) found.notSupported(field, value, known);
}

function group(found: Findings, name: string): void {
  const problems = dnsSubdomainProblems(name);
  if (name === '') found.required('spec.group');
  else if (problems.length > 0) found.invalid('spec.group', name, problems.join(','));
  else if (!name.includes('.')) found.invalid('spec.group', name, 'should be a domain with at least one dot');
}

function acceptedNames(found: Findings, names: Fields): void {
  const field = 'spec.names';
  for (const part of ['plural', 'singular', 'kind', 'listKind']) {
    if (textOf(names[part]) === '') found.required(`${field}.${part}`);
  }
  const label = (part: string, text: string) => {
    const problems = text === '' ? [] : dns1035LabelProblems(text);
    if (problems.length > 0)
      found.invalid(`${field}.${part}`, textOf(names[part.replace(/\[.*/, '')]) || text, problems.join(','));
  };
  label('plural', textOf(names['plural']));
  label('singular', textOf(names['singular']));
  label('kind', textOf(names['kind']).toLowerCase());
  label('listKind', textOf(names['listKind']).toLowerCase());
  for (const list of ['shortNames', 'categories']) {
    for (const [index, name] of stringsOf(names[list]).entries()) {
      const problems = dns1035LabelProblems(name);
      if (problems.length > 0) found.invalid(`${field}.${list}[${index}]`, name, problems.join(','));
    }
  }
  if (textOf(names['kind']) !== '' && names['kind'] === names['listKind']) {
    found.invalid(`${field}.listKind`, names['listKind'], 'kind and listKind may not be the same');
  }
}

const schemaOf = (version: Fields) => fieldsOf(fieldsOf(version['schema'])['openAPIV3Schema']);

/** A schema that all versions share is reported where older API versions had it. */
function schemaPath(versions: readonly Fields[], index: number): string {
  const [first] = versions;
  const shared = first !== undefined && versions.every((version) => semanticEqual(version['schema'], first['schema']));
  return shared ? 'spec.validation.openAPIV3Schema' : `spec.versions[${index}].schema.openAPIV3Schema`;
}

function versionList(found: Findings, versions: readonly Fields[]): void {
  const hoisted = schemaPath(versions, 0).startsWith('spec.validation');
  for (const [index, version] of versions.entries()) {
    if (!has(fieldsOf(version['schema']), 'openAPIV3Schema')) {
      found.required(`spec.versions[${index}].schema.openAPIV3Schema`);
    }
  }
  for (const [index, version] of versions.entries()) {
    const problems = dns1035LabelProblems(textOf(version['name']));
    if (problems.length > 0) found.invalid(`spec.versions[${index}].name`, textOf(version['name']), problems.join(','));
    if (!hoisted) structuralSchema(found, schemaPath(versions, index), schemaOf(version), has(version, 'schema'));
    printerColumns(
      found,
      `spec.versions[${index}].additionalPrinterColumns`,
      itemsOf(version['additionalPrinterColumns']),
    );
  }
  const names = versions.map((version) => textOf(version['name']));
  const shown = () => versions.map(shownVersion);
  if (new Set(names).size < names.length) found.invalid('spec.versions', shown(), 'must contain unique version names');
  if (versions.filter((version) => version['storage'] === true).length !== 1) {
    const why = 'must have exactly one version marked as storage version';
    found.invalid('spec.versions', shown(), why);
  }
  // The older field of a single version says the same as the first of the list.
  const first = textOf(versions[0]?.['name']);
  const problems = first === '' ? [] : dns1035LabelProblems(first);
  if (problems.length > 0) found.invalid('spec.version', first, problems.join(','));
}

/** `items` and `additionalProperties` are unions in the internal types. */
function shownVersion(version: Fields): Fields {
  const shape = internalForm('apiextensions.CustomResourceDefinitionVersion', version);
  const schema = fieldsOf(version['schema']);
  if (!has(schema, 'openAPIV3Schema')) return shape;
  return {
    ...shape,
    Schema: { OpenAPIV3Schema: internalForm('apiextensions.JSONSchemaProps', schema['openAPIV3Schema']) },
  };
}

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const COLUMN_FORMATS = ['int32', 'int64', 'float', 'double', 'byte', 'date', 'date-time', 'password'];

function printerColumns(found: Findings, field: string, columns: readonly Fields[]): void {
  for (const [index, column] of columns.entries()) {
    const path = `${field}[${index}]`;
    if (textOf(column['name']) === '') found.required(`${path}.name`);
    const type = textOf(column['type']);
    if (type === '') found.required(`${path}.type`, `must be one of ${COLUMN_TYPES.join(',')}`);
    else if (!COLUMN_TYPES.includes(type))
      found.invalid(`${path}.type`, type, `must be one of ${COLUMN_TYPES.join(',')}`);
    const format = textOf(column['format']);
    if (format !== '' && !COLUMN_FORMATS.includes(format)) {
      found.invalid(`${path}.format`, format, `must be one of ${[...COLUMN_FORMATS].sort().join(',')}`);
    }
    if (textOf(column['jsonPath']) === '') found.required(`${path}.JSONPath`);
  }
}

export function crdProblems(found: Findings, object: KubeObject): void {
  const spec = specOf(object);
  const versions = itemsOf(spec['versions']);
  const names = fieldsOf(spec['names']);
  const expected = `${textOf(names['plural'])}.${textOf(spec['group'])}`;
  if (object.metadata.name !== expected) {
    found.invalid('metadata.name', object.metadata.name, 'must be spec.names.plural+"."+spec.group');
  }
  group(found, textOf(spec['group']));
  enumeration(found, 'spec.scope', textOf(spec['scope']), ['Cluster', 'Namespaced']);
  versionList(found, versions);
  acceptedNames(found, names);
  const [first] = versions;
  if (first !== undefined && has(first, 'schema') && schemaPath(versions, 0).startsWith('spec.validation')) {
    structuralSchema(found, schemaPath(versions, 0), schemaOf(first), true);
  }
  conversion(found, fieldsOf(spec['conversion']));
  if (spec['preserveUnknownFields'] === true) {
    const why =
      'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
    found.invalid('spec.preserveUnknownFields', true, why);
  }
  storedVersions(found, object, versions);
}

function conversion(found: Findings, value: Fields): void {
  const strategy = textOf(value['strategy']);
  enumeration(found, 'spec.conversion.strategy', strategy, ['None', 'Webhook']);
  if (strategy === 'Webhook' && !has(fieldsOf(value['webhook']), 'clientConfig')) {
    const why = 'required when strategy is set to Webhook';
    found.required('spec.conversion.webhookClientConfig', why);
  }
}

function storedVersions(found: Findings, object: KubeObject, versions: readonly Fields[]): void {
  const stored = stringsOf(fieldsOf(object['status'])['storedVersions']);
  const field = 'status.storedVersions';
  if (stored.length === 0) {
    found.invalid(field, null, 'must have at least one stored version');
    return;
  }
  const names = versions.map((version) => textOf(version['name']));
  for (const [index, name] of stored.entries()) {
    if (names.includes(name)) continue;
    const why = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    found.invalid(`${field}[${index}]`, name, why);
  }
}

/** What an established definition keeps. */
export function crdUpdateProblems(found: Findings, object: KubeObject, old: KubeObject): void {
  const conditions = itemsOf(fieldsOf(old['status'])['conditions']);
  if (!conditions.some(({ type, status }) => type === 'Established' && status === 'True')) return;
  const spec = specOf(object);
  const before = specOf(old);
  immutable(found, 'spec.scope', spec['scope'], before['scope']);
  immutable(found, 'spec.names.kind', fieldsOf(spec['names'])['kind'], fieldsOf(before['names'])['kind']);
  immutable(found, 'spec.group', spec['group'], before['group']);
  immutable(found, 'spec.names.plural', fieldsOf(spec['names'])['plural'], fieldsOf(before['names'])['plural']);
}
