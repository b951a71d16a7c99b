/** Validation of custom objects against their schema, with the findings that the real server prints. */
import { RE2JS } from 're2js';
import type { FieldError } from '../api/failure.ts';
import { listProblems } from './list-types.ts';
import { resolveSchema } from './resolve.ts';
import type { Schema } from './schema.ts';
import { isKnownFormat, matchesFormat } from './string-formats.ts';

type Fields = Record<string, unknown>;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** All findings: of types, bounds and enums first, then of lists that must hold no equal items. */
export function validateSchema(object: unknown, schema: Schema | undefined): FieldError[] {
  if (schema === undefined) return [];
  return [...check(object, schema, '').errors, ...listProblems(object, schema)];
}

/** Findings, and how much did match: of alternatives that all fail, the one that matched most is told. */
interface Result {
  errors: FieldError[];
  matches: number;
}

const ok = (matches: number): Result => ({ errors: [], matches });
const failed = (...errors: FieldError[]): Result => ({ errors, matches: 0 });

function join(results: readonly Result[]): Result {
  return {
    errors: results.flatMap(({ errors }) => errors),
    matches: results.reduce((sum, { matches }) => sum + matches, 0),
  };
}

const field = (path: string) => path.replace(/^\./, '');

/** `Invalid value: 3: spec.x in body should be ...`; findings about the whole have no field, which Go prints as `<nil>`. */
const bad = (path: string, value: unknown, detail: string): FieldError => ({
  reason: 'FieldValueInvalid',
  field: field(path),
  message: `Invalid value: ${JSON.stringify(value)}: ${path} in body ${detail}`,
});
const general = (detail: string): FieldError => ({
  reason: 'FieldValueInvalid',
  field: '<nil>',
  message: `Invalid value: "": ${detail}`,
});

function wrongType(path: string, wanted: string, given: string): FieldError {
  const text = `${path} in body must be of type ${wanted}: ${JSON.stringify(given)}`;
  return {
    reason: 'FieldValueTypeInvalid',
    field: field(path),
    message: `Invalid value: ${JSON.stringify(given)}: ${text}`,
  };
}

function check(value: unknown, unresolved: Schema, path: string): Result {
  const schema = resolveSchema(unresolved);
  if (value === null || value === undefined) return join([checkNull(schema, path), checkEnum(value, schema, path)]);
  const results = [checkType(value, schema, path), checkAlternatives(value, schema, path)];
  if (typeof value === 'string') results.push(checkString(value, schema, path), checkFormat(value, schema, path));
  if (typeof value === 'number') results.push(checkNumber(value, schema, path));
  if (Array.isArray(value)) results.push(checkArray(value, schema, path));
  results.push(checkEnum(value, schema, path));
  if (isObject(value)) results.push(checkObject(value, schema, path));
  const { errors, matches } = join(results);
  return { errors, matches: matches + results.length + 1 };
}

const typeName = ({ type, ...schema }: Schema) =>
  schema['x-kubernetes-int-or-string'] === true ? 'integer,string' : type;

function checkNull(schema: Schema, path: string): Result {
  const wanted = typeName(schema);
  return wanted === undefined || schema.nullable === true ? ok(1) : failed(wrongType(path, wanted, 'null'));
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

const GO_FORMATS: Readonly<Record<string, string>> = { integer: 'int64', number: 'float64' };
const NUMBER_FORMATS = ['int32', 'int64', 'float', 'double'];
const isChecked = (format: string, type: string) =>
  type === 'string' ? isKnownFormat(format) : NUMBER_FORMATS.includes(format);

function checkType(value: unknown, schema: Schema, path: string): Result {
  const wanted = typeName(schema);
  if (wanted === undefined) return ok(0);
  // The format of a string says all, and is checked by itself.
  const formatted = schema.format !== undefined && isKnownFormat(schema.format);
  if (formatted && wanted !== 'number' && wanted !== 'integer' && (typeof value === 'string' || Array.isArray(value))) {
    return ok(1);
  }
  const given = typeOf(value);
  const fits = wanted.split(',').includes(given) || (given === 'integer' && wanted === 'number');
  if (fits) return ok(1);
  // With a format, that is what is told, and Go's own of the value.
  const told =
    schema.format !== undefined && isChecked(schema.format, wanted) && given !== 'string' && given !== 'array';
  return failed(told ? wrongType(path, schema.format ?? '', GO_FORMATS[given] ?? '') : wrongType(path, wanted, given));
}

function checkEnum(value: unknown, schema: Schema, path: string): Result {
  const { enum: allowed } = schema;
  if (allowed === undefined || allowed.length === 0) return ok(0);
  const text = JSON.stringify(value ?? null);
  if (allowed.some((each) => JSON.stringify(each) === text)) return ok(0);
  const values = allowed.map((each) => JSON.stringify(typeof each === 'string' ? each : JSON.stringify(each)));
  return failed({
    reason: 'FieldValueNotSupported',
    field: field(path),
    message: `Unsupported value: ${text}: supported values: ${values.join(', ')}`,
  });
}

function checkString(value: string, schema: Schema, path: string): Result {
  const { maxLength, minLength, pattern } = schema;
  const length = [...value].length;
  if (maxLength !== undefined && length > maxLength) {
    const message = `Too long: may not be more than ${maxLength} byte${maxLength === 1 ? '' : 's'}`;
    return failed({ reason: 'FieldValueTooLong', field: field(path), message });
  }
  if (minLength !== undefined && length < minLength) {
    return failed(bad(path, value, `should be at least ${minLength} chars long`));
  }
  if (pattern !== undefined && pattern !== '') {
    const problem = patternProblem(value, pattern);
    if (problem !== undefined) return failed(bad(path, value, problem));
  }
  return ok(0);
}

const patterns = new Map<string, RE2JS | string>();
/** CRDs come and go with patterns of their own. */
const MOST_PATTERNS = 2000;

function patternProblem(value: string, pattern: string): string | undefined {
  let compiled = patterns.get(pattern);
  if (compiled === undefined) {
    try {
      compiled = RE2JS.compile(pattern);
    } catch (error) {
      compiled = error instanceof Error ? error.message : 'error parsing regexp';
    }
    if (patterns.size >= MOST_PATTERNS) patterns.clear();
    patterns.set(pattern, compiled);
  }
  if (typeof compiled === 'string') return `should match '${pattern}, but pattern is invalid: ${compiled}'`;
  return compiled.matcher(value).find() ? undefined : `should match '${pattern}'`;
}

function checkFormat(value: string, schema: Schema, path: string): Result {
  const { format } = schema;
  if (format === undefined || (schema.type !== undefined && schema.type !== 'string')) return ok(0);
  return matchesFormat(format, value) ? ok(0) : failed(wrongType(path, format, value));
}

function checkNumber(value: number, schema: Schema, path: string): Result {
  const { multipleOf, maximum, exclusiveMaximum, minimum, exclusiveMinimum } = schema;
  const errors = [...rangeProblems(value, schema, path)];
  // Whole numbers are compared with whole bounds.
  const bound = (limit: number) => (Number.isInteger(value) ? Math.trunc(limit) : limit);
  if (multipleOf !== undefined) errors.push(...multipleProblems(value, bound(multipleOf), path));
  if (minimum !== undefined) {
    const least = bound(minimum);
    if (exclusiveMinimum === true ? value <= least : value < least) {
      errors.push(
        bad(path, value, `should be greater than ${exclusiveMinimum === true ? '' : 'or equal to '}${least}`),
      );
    }
  }
  if (maximum !== undefined) {
    const most = bound(maximum);
    if (exclusiveMaximum === true ? value >= most : value > most) {
      errors.push(bad(path, value, `should be less than ${exclusiveMaximum === true ? '' : 'or equal to '}${most}`));
    }
  }
  return { errors, matches: 1 };
}

function rangeProblems(value: number, schema: Schema, path: string): FieldError[] {
  const { type, format } = schema;
  if (type !== 'integer') return [];
  const limit = format === 'int32' ? 2 ** 31 : 2 ** 63;
  if (Number.isInteger(value) && value >= -limit && value < limit) return [];
  const kind = format === undefined ? '(default format)' : `with format ${format}`;
  return [general(`Checked value must be of type integer ${kind} in ${path}`)];
}

function multipleProblems(value: number, factor: number, path: string): FieldError[] {
  if (factor <= 0) {
    const message = `Invalid value: ${factor}: factor MultipleOf declared for ${path} must be positive: ${factor}`;
    return [{ reason: 'FieldValueInvalid', field: field(path), message }];
  }
  const times = factor < 1 ? (1 / factor) * value : value / factor;
  const whole = Math.abs(times - Math.round(times)) < 1e-9 * Math.max(1, Math.abs(times));
  return whole ? [] : [bad(path, value, `should be a multiple of ${factor}`)];
}

function checkArray(value: readonly unknown[], schema: Schema, path: string): Result {
  const { items, minItems, maxItems, uniqueItems } = schema;
  const results = items === undefined ? [] : value.map((item, index) => check(item, items, `${path}[${index}]`));
  if (minItems !== undefined && value.length < minItems) {
    results.push(failed(bad(path, value.length, `should have at least ${minItems} items`)));
  }
  if (maxItems !== undefined && value.length > maxItems) results.push(failed(tooMany(path, value.length, maxItems)));
  if (uniqueItems === true && new Set(value.map((item) => JSON.stringify(item))).size < value.length) {
    results.push(failed(bad(path, '', "shouldn't contain duplicates")));
  }
  return join([...results, ok(1)]);
}

const tooMany = (path: string, actual: number, most: number): FieldError => ({
  reason: 'FieldValueTooMany',
  field: field(path),
  message: `Too many: ${actual}: must have at most ${most} item${most === 1 ? '' : 's'}`,
});

function checkObject(value: Fields, schema: Schema, path: string): Result {
  const { properties = {}, additionalProperties, required = [], minProperties, maxProperties } = schema;
  const keys = Object.keys(value);
  const results: Result[] = [];
  if (minProperties !== undefined && keys.length < minProperties) {
    results.push(failed(bad(path, keys.length, `should have at least ${minProperties} properties`)));
  }
  if (maxProperties !== undefined && keys.length > maxProperties) {
    results.push(failed(tooMany(path, keys.length, maxProperties)));
  }
  for (const key of keys) {
    const known = Object.hasOwn(properties, key) ? properties[key] : undefined;
    const child = path === '' && known !== undefined ? key : `${path}.${key}`;
    if (known !== undefined) results.push(check(value[key], known, child));
    else if (typeof additionalProperties === 'object') results.push(check(value[key], additionalProperties, child));
    else if (additionalProperties === false) results.push(failed(forbidden(path, key)));
  }
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  for (const key of embedded ? new Set([...required, 'apiVersion', 'kind']) : required) {
    if (Object.hasOwn(value, key)) continue;
    results.push(failed(missing(`${path}.${key}`)));
  }
  return join(results);
}

const missing = (path: string): FieldError => ({
  reason: 'FieldValueRequired',
  field: field(path),
  message: 'Required value',
});

const forbidden = (path: string, key: string): FieldError => ({
  reason: 'FieldValueInvalid',
  field: field(path),
  message: `Invalid value: ${JSON.stringify(key)}: ${path}.${key} in body is a forbidden property`,
});

function checkAlternatives(value: unknown, schema: Schema, path: string): Result {
  const { anyOf = [], oneOf = [], allOf = [], not } = schema;
  const quoted = JSON.stringify(path);
  const results: Result[] = [ok(1)];
  if (anyOf.length > 0) {
    const tried = anyOf.map((each) => check(value, each, path));
    const first = tried.find(({ errors }) => errors.length === 0);
    if (first === undefined) results.push(failed(general(`${quoted} must validate at least one schema (anyOf)`)));
    results.push(first ?? best(tried));
  }
  if (oneOf.length > 0) results.push(checkOneOf(value, oneOf, path));
  if (allOf.length > 0) {
    const tried = allOf.map((each) => check(value, each, path));
    const valid = tried.filter(({ errors }) => errors.length === 0).length;
    results.push(...tried);
    if (valid < allOf.length) {
      const none = valid === 0 ? '. None validated' : '';
      results.push(failed(general(`${quoted} must validate all the schemas (allOf)${none}`)));
    }
  }
  if (not !== undefined && check(value, not, path).errors.length === 0) {
    results.push(failed(general(`${quoted} must not validate the schema (not)`)));
  }
  return join(results);
}

function checkOneOf(value: unknown, oneOf: readonly Schema[], path: string): Result {
  const tried = oneOf.map((each) => check(value, each, path));
  const valid = tried.filter(({ errors }) => errors.length === 0);
  const [only] = valid;
  if (only !== undefined && valid.length === 1) return only;
  const found = valid.length === 0 ? 'Found none valid' : `Found ${valid.length} valid alternatives`;
  const told = failed(general(`${JSON.stringify(path)} must validate one and only one schema (oneOf). ${found}`));
  return valid.length === 0 ? join([told, best(tried)]) : told;
}

const best = (results: readonly Result[]): Result =>
  results.reduce((winner, each) => (each.matches > winner.matches ? each : winner), results[0] ?? ok(0));
