/** CreateOptions, UpdateOptions, PatchOptions and DeleteOptions: read and refused in the real words. */
import { type ApiFailure, badRequest, type FieldError, invalid } from '../api/failure.ts';
import type { DeleteOptions, PatchType } from '../registry/types.ts';
import { flag, integer, text } from './query.ts';

export interface WriteOptions {
  dryRun: boolean;
  /** As asked for; '' when it was not. */
  fieldManager: string;
  fieldValidation: 'Ignore' | 'Warn' | 'Strict';
  force: boolean;
}

type OptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions';

/** `patch` is the type of a PATCH. */
export function readWriteOptions(query: URLSearchParams, kind: OptionsKind, patch?: PatchType): WriteOptions {
  const fieldManager = query.get('fieldManager') ?? '';
  const fieldValidation = query.get('fieldValidation') ?? '';
  const errors: FieldError[] = [];
  if (patch === 'apply' && fieldManager === '') {
    errors.push(finding('FieldValueRequired', 'fieldManager', 'Required value: is required for apply patch'));
  }
  if (patch !== undefined && patch !== 'apply' && query.has('force')) {
    errors.push(finding('FieldValueForbidden', 'force', 'Forbidden: may not be specified for non-apply patch'));
  }
  errors.push(...fieldManagerErrors(fieldManager), ...dryRunErrors(query.getAll('dryRun')));
  if (!['', 'Ignore', 'Warn', 'Strict'].includes(fieldValidation)) {
    const supported = 'supported values: "", "Ignore", "Strict", "Warn"';
    const message = `Unsupported value: ${JSON.stringify(fieldValidation)}: ${supported}`;
    errors.push(finding('FieldValueNotSupported', 'fieldValidation', message));
  }
  if (errors.length > 0) throw invalid({ kind, group: 'meta.k8s.io' }, '', errors);
  return {
    dryRun: query.has('dryRun'),
    fieldManager,
    fieldValidation: fieldValidation === 'Ignore' || fieldValidation === 'Strict' ? fieldValidation : 'Warn',
    force: flag(query, 'force'),
  };
}

export interface ReadDeleteOptions extends DeleteOptions {
  dryRun: boolean;
  /** `orphanDependents: false` was said: a delete that only began answers 202. */
  waits: boolean;
}

/** From the body when there is one, else from the query. */
export function readDeleteOptions(query: URLSearchParams, body: unknown): ReadDeleteOptions {
  const sent = body === undefined ? fromQuery(query) : fromBody(body);
  const errors: FieldError[] = [];
  const { orphanDependents, propagationPolicy } = sent;
  if (propagationPolicy !== undefined) {
    const quoted = JSON.stringify(propagationPolicy);
    if (orphanDependents !== undefined) {
      const message = `Invalid value: ${quoted}: orphanDependents and deletionPropagation cannot be both set`;
      errors.push(finding('FieldValueInvalid', 'propagationPolicy', message));
    }
    if (!isPropagation(propagationPolicy)) {
      const supported = 'supported values: "Foreground", "Background", "Orphan", "nil"';
      const message = `Unsupported value: ${quoted}: ${supported}`;
      errors.push(finding('FieldValueNotSupported', 'propagationPolicy', message));
    }
  }
  errors.push(...dryRunErrors(sent.dryRun));
  if (errors.length > 0) throw invalid({ kind: 'DeleteOptions', group: 'meta.k8s.io' }, '', errors);
  const policy = isPropagation(propagationPolicy) ? propagationPolicy : orphanPolicy(orphanDependents);
  return {
    dryRun: sent.dryRun.length > 0,
    waits: orphanDependents === false,
    ...(sent.gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds: sent.gracePeriodSeconds }),
    ...(policy === undefined ? {} : { propagationPolicy: policy }),
    ...(sent.preconditions === undefined ? {} : { preconditions: sent.preconditions }),
  };
}

interface SentDeleteOptions {
  gracePeriodSeconds?: number;
  propagationPolicy?: string;
  orphanDependents?: boolean;
  dryRun: readonly string[];
  preconditions?: { uid?: string; resourceVersion?: string };
}

function fromQuery(query: URLSearchParams): SentDeleteOptions {
  const gracePeriodSeconds = integer(query, 'gracePeriodSeconds');
  const propagationPolicy = text(query, 'propagationPolicy');
  return {
    dryRun: query.getAll('dryRun'),
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    ...(query.has('orphanDependents') ? { orphanDependents: flag(query, 'orphanDependents') } : {}),
  };
}

function fromBody(body: unknown): SentDeleteOptions {
  if (typeof body !== 'object' || Array.isArray(body)) throw noTypeMeta(body);
  const object = { ...body } as Record<string, unknown>;
  if (object['kind'] !== undefined && object['kind'] !== '' && object['kind'] !== 'DeleteOptions') {
    const version = String(object['apiVersion'] ?? '');
    const scheme = 'in scheme "pkg/runtime/scheme.go:111"';
    throw badRequest(`no kind "${String(object['kind'])}" is registered for version "${version}" ${scheme}`);
  }
  const preconditions = object['preconditions'];
  const grace = object['gracePeriodSeconds'];
  const orphan = object['orphanDependents'];
  const policy = object['propagationPolicy'];
  if (grace !== undefined && grace !== null && !Number.isSafeInteger(grace)) {
    throw wrongType('gracePeriodSeconds', grace, 'int64');
  }
  if (orphan !== undefined && orphan !== null && typeof orphan !== 'boolean') {
    throw wrongType('orphanDependents', orphan, 'bool');
  }
  if (policy !== undefined && policy !== null && typeof policy !== 'string') {
    throw wrongType('propagationPolicy', policy, 'v1.DeletionPropagation');
  }
  const dryRun = object['dryRun'] ?? [];
  if (!Array.isArray(dryRun) || !dryRun.every((value) => typeof value === 'string')) {
    throw wrongType('dryRun', dryRun, '[]string');
  }
  return {
    dryRun,
    ...(typeof grace === 'number' ? { gracePeriodSeconds: grace } : {}),
    ...(typeof orphan === 'boolean' ? { orphanDependents: orphan } : {}),
    ...(typeof policy === 'string' ? { propagationPolicy: policy } : {}),
    ...(preconditions === undefined || preconditions === null
      ? {}
      : { preconditions: readPreconditions(record(preconditions, 'v1.Preconditions')) }),
  };
}

function readPreconditions(sent: Record<string, unknown>): { uid?: string; resourceVersion?: string } {
  const { uid, resourceVersion } = sent;
  return {
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
  };
}

/** The decoder looks for apiVersion and kind before all else. */
function noTypeMeta(value: unknown): ApiFailure {
  const type =
    'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
  const why = `json: cannot unmarshal ${jsonType(value)} into Go value of type ${type}`;
  return badRequest(`couldn't get version/kind; json parse error: ${why}`);
}

function record(value: unknown, type: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw badRequest(`json: cannot unmarshal ${jsonType(value)} into Go value of type ${type}`);
}

function wrongType(field: string, value: unknown, type: string): ApiFailure {
  return badRequest(
    `json: cannot unmarshal ${jsonType(value)} into Go struct field DeleteOptions.${field} of type ${type}`,
  );
}

/** What encoding/json calls a value. */
function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function finding(reason: FieldError['reason'], field: string, message: string): FieldError {
  return { reason, field, message };
}

/** 128 bytes at most, printable: `ValidateFieldManager`. */
function fieldManagerErrors(manager: string): FieldError[] {
  const errors: FieldError[] = [];
  if (Buffer.byteLength(manager) > 128) {
    errors.push(finding('FieldValueTooLong', 'fieldManager', 'Too long: may not be more than 128 bytes'));
  }
  let position = 0;
  for (const character of manager) {
    if (!/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)) {
      const point = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
      const message = `Invalid value: ${goQuote(manager)}: invalid character ${point} (at position ${position})`;
      errors.push(finding('FieldValueInvalid', 'fieldManager', message));
    }
    position += Buffer.byteLength(character);
  }
  return errors;
}

function dryRunErrors(values: readonly string[]): FieldError[] {
  if (values.every((value) => value === 'All')) return [];
  const message = `Unsupported value: ${JSON.stringify(values)}: supported values: "All"`;
  return [finding('FieldValueNotSupported', 'dryRun', message)];
}

/** `%q` for control characters, near enough to what JSON quotes otherwise. */
function goQuote(value: string): string {
  return JSON.stringify(value).replace(/\\u00([0-9a-f]{2})/g, '\\x$1');
}

function isPropagation(value: string | undefined): value is 'Orphan' | 'Background' | 'Foreground' {
  return value === 'Orphan' || value === 'Background' || value === 'Foreground';
}

function orphanPolicy(orphan: boolean | undefined): 'Orphan' | 'Background' | undefined {
  if (orphan === undefined) return undefined;
  return orphan ? 'Orphan' : 'Background';
}
