/** What every object's metadata must be, whatever its kind. */
import type { FieldError } from '../../api/failure.ts';
import { labelKeyProblems, labelValueProblems } from '../../api/label-syntax.ts';
import { sameJson } from '../../json-value.ts';
import type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from '../../types.ts';
import type { Strategy } from '../strategy.ts';
import { label1035Problems, labelProblems, pathSegmentProblems, subdomainProblems } from './names.ts';

type NameRule = NonNullable<Strategy['nameRule']>;

/** Of all keys and values together. */
const MAX_ANNOTATION_BYTES = 256 * 1024;
const STANDARD_FINALIZERS = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

export interface MetadataRules {
  namespaced: boolean;
  nameRule: NameRule;
  /** Finalizers of built-in kinds are qualified or standard; custom kinds take any qualified name. */
  standardFinalizers: boolean;
}

const invalidValue = (field: string, value: unknown, problem: string): FieldError => ({
  reason: 'FieldValueInvalid',
  field,
  message: `Invalid value: ${shown(value)}: ${problem}`,
});

/** As Go's `field.Error` prints a value: strings quoted, the rest as JSON. */
function shown(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}

/** On create, and again on every update. */
export function validateMetadata(meta: ObjectMeta, rules: MetadataRules): FieldError[] {
  return [...nameErrors(meta, rules.nameRule), ...commonErrors(meta, rules)];
}

/** What names must be with any kind, when the kind's own rules were looked at already. */
export function validateAnyMetadata(meta: ObjectMeta, rules: MetadataRules): FieldError[] {
  return [...nameErrors(meta, 'path'), ...commonErrors(meta, { ...rules, standardFinalizers: false })];
}

/** What an update may not change. */
export function validateMetadataUpdate(
  meta: ObjectMeta,
  old: ObjectMeta,
  rules: Pick<MetadataRules, 'standardFinalizers'>,
): FieldError[] {
  const errors: FieldError[] = [];
  if (old.deletionTimestamp !== undefined) errors.push(...newFinalizerErrors(meta, old));
  for (const field of IMMUTABLE) {
    if (!sameJson(meta[field] ?? null, old[field] ?? null)) {
      errors.push(invalidValue(`metadata.${field}`, meta[field] ?? emptyOf(field), 'field is immutable'));
    }
  }
  errors.push(
    ...labelErrors(meta.labels),
    ...annotationErrors(meta.annotations),
    ...ownerErrors(meta.ownerReferences),
    ...managedFieldsErrors(meta.managedFields),
  );
  if (rules.standardFinalizers) errors.push(...standardFinalizerErrors(meta.finalizers));
  return errors;
}

const IMMUTABLE = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const;

const emptyOf = (field: (typeof IMMUTABLE)[number]) =>
  field === 'name' || field === 'namespace' || field === 'uid' ? '' : null;

function nameErrors(meta: ObjectMeta, rule: NameRule): FieldError[] {
  const errors: FieldError[] = [];
  if (meta.generateName) {
    for (const problem of problemsOf(maskTrailingDash(meta.generateName, rule), rule, true)) {
      errors.push(invalidValue('metadata.generateName', meta.generateName, problem));
    }
  }
  if (!meta.name) {
    const message = 'Required value: name or generateName is required';
    return [...errors, { reason: 'FieldValueRequired', field: 'metadata.name', message }];
  }
  for (const problem of problemsOf(meta.name, rule, false)) {
    errors.push(invalidValue('metadata.name', meta.name, problem));
  }
  return errors;
}

/** A prefix may end in a dash, since more follows. */
function maskTrailingDash(prefix: string, rule: NameRule): string {
  return rule !== 'path' && prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -1)}a` : prefix;
}

function problemsOf(name: string, rule: NameRule, prefix: boolean): string[] {
  switch (rule) {
    case 'subdomain':
      return subdomainProblems(name);
    case 'label':
      return labelProblems(name);
    case 'label-1035':
      return label1035Problems(name);
    case 'path':
      return pathSegmentProblems(name, prefix);
  }
}

function commonErrors(meta: ObjectMeta, rules: MetadataRules): FieldError[] {
  const errors: FieldError[] = [];
  if (rules.namespaced && !meta.namespace) {
    errors.push({ reason: 'FieldValueRequired', field: 'metadata.namespace', message: 'Required value' });
  } else if (rules.namespaced) {
    for (const problem of labelProblems(meta.namespace ?? '')) {
      errors.push(invalidValue('metadata.namespace', meta.namespace, problem));
    }
  }
  if ((meta.generation ?? 0) < 0) {
    errors.push(invalidValue('metadata.generation', meta.generation, 'must be greater than or equal to 0'));
  }
  errors.push(
    ...labelErrors(meta.labels),
    ...annotationErrors(meta.annotations),
    ...ownerErrors(meta.ownerReferences),
    ...finalizerErrors(meta.finalizers),
    ...managedFieldsErrors(meta.managedFields),
  );
  if (rules.standardFinalizers) errors.push(...standardFinalizerErrors(meta.finalizers));
  return errors;
}

function labelErrors(labels: Record<string, string> | undefined): FieldError[] {
  const field = 'metadata.labels';
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(labels ?? {})) {
    for (const problem of labelKeyProblems(key)) errors.push(invalidValue(field, key, problem));
    for (const problem of labelValueProblems(value)) errors.push(invalidValue(field, value, problem));
  }
  return errors;
}

function annotationErrors(annotations: Record<string, string> | undefined): FieldError[] {
  const field = 'metadata.annotations';
  const errors: FieldError[] = [];
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations ?? {})) {
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
    for (const problem of labelKeyProblems(key.toLowerCase())) errors.push(invalidValue(field, key, problem));
  }
  if (bytes > MAX_ANNOTATION_BYTES) {
    const message = `Too long: may not be more than ${MAX_ANNOTATION_BYTES} bytes`;
    errors.push({ reason: 'FieldValueTooLong', field, message });
  }
  return errors;
}

function ownerErrors(owners: readonly OwnerReference[] | undefined): FieldError[] {
  const field = 'metadata.ownerReferences';
  const errors: FieldError[] = [];
  let controller = '';
  for (const owner of owners ?? []) {
    const parts = owner.apiVersion?.split('/') ?? [];
    const version = parts.length > 2 ? '' : (parts.at(-1) ?? '');
    if (version === '')
      errors.push(invalidValue(`${field}.apiVersion`, owner.apiVersion ?? '', 'version must not be empty'));
    for (const part of ['kind', 'name', 'uid'] as const) {
      if (!owner[part]) errors.push(invalidValue(`${field}.${part}`, owner[part] ?? '', 'must not be empty'));
    }
    if (owner.apiVersion === 'v1' && owner.kind === 'Event') {
      errors.push(invalidValue(field, owner, '/v1, Kind=Event is disallowed from being an owner'));
    }
    if (owner.controller !== true) continue;
    const name = `${owner.kind}/${owner.name}`;
    if (controller === '') controller = name;
    else {
      const problem = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`;
      errors.push(invalidValue(field, owners, problem));
    }
  }
  return errors;
}

function finalizerErrors(finalizers: readonly string[] | undefined): FieldError[] {
  const field = 'metadata.finalizers';
  const names = finalizers ?? [];
  const errors = names.flatMap((name) => labelKeyProblems(name).map((problem) => invalidValue(field, name, problem)));
  if (names.includes('orphan') && names.includes('foregroundDeletion')) {
    errors.push(invalidValue(field, names, 'finalizer orphan and foregroundDeletion cannot be both set'));
  }
  return errors;
}

function standardFinalizerErrors(finalizers: readonly string[] | undefined): FieldError[] {
  const problem = 'name is neither a standard finalizer name nor is it fully qualified';
  return (finalizers ?? []).flatMap((name, at) =>
    name.includes('/') || STANDARD_FINALIZERS.has(name)
      ? []
      : [invalidValue(`metadata.finalizers[${at}]`, name, problem)],
  );
}

function newFinalizerErrors(meta: ObjectMeta, old: ObjectMeta): FieldError[] {
  const known = new Set(old.finalizers);
  const added = [...new Set(meta.finalizers)].filter((name) => !known.has(name)).sort();
  if (added.length === 0) return [];
  const names = added.map((name) => JSON.stringify(name)).join(', ');
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${names}}`;
  return [{ reason: 'FieldValueForbidden', field: 'metadata.finalizers', message }];
}

function managedFieldsErrors(entries: readonly ManagedFieldsEntry[] | undefined): FieldError[] {
  const errors: FieldError[] = [];
  for (const [at, entry] of (entries ?? []).entries()) {
    const field = `metadata.managedFields[${at}]`;
    if (entry.operation !== 'Apply' && entry.operation !== 'Update') {
      errors.push(invalidValue(`${field}.operation`, entry.operation ?? '', 'must be `Apply` or `Update`'));
    }
    if (entry.fieldsType && entry.fieldsType !== 'FieldsV1') {
      errors.push(invalidValue(`${field}.fieldsType`, entry.fieldsType, 'must be `FieldsV1`'));
    }
  }
  return errors;
}
