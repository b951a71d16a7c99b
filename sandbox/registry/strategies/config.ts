/** ConfigMaps, Secrets and ServiceAccounts. */
import { immutable, isTrue, sortedEntries } from './common-validation.ts';
import type { Findings } from './field-errors.ts';
import { type Fields, fieldsOf, has, semanticEqual, textOf, textsOf } from './fields.ts';
import { kindStrategy } from './kind-strategy.ts';
import { configKeyProblems } from './names.ts';

/** The most bytes that the data of a ConfigMap or Secret may have. */
const MAX_DATA = 1024 * 1024;
const FROZEN = 'field is immutable when `immutable` is set';

const bytesOf = (base64: string) => Buffer.byteLength(base64, 'base64');

function configMap(found: Findings, object: Fields): void {
  const binary = textsOf(object['binaryData']);
  let bytes = 0;
  for (const [key, value] of sortedEntries(textsOf(object['data']))) {
    found.invalidEach(`data[${key}]`, key, configKeyProblems(key));
    if (Object.hasOwn(binary, key)) found.invalid(`data[${key}]`, key, 'duplicate of key present in binaryData');
    bytes += Buffer.byteLength(value);
  }
  for (const [key, value] of sortedEntries(binary)) {
    found.invalidEach(`binaryData[${key}]`, key, configKeyProblems(key));
    bytes += bytesOf(value);
  }
  // The real server reports it on the object as a whole: an empty path.
  if (bytes > MAX_DATA) found.tooLong('[]', MAX_DATA);
}

function frozen(found: Findings, object: Fields, old: Fields, fields: readonly string[]): void {
  if (!isTrue(old, 'immutable')) return;
  if (!isTrue(object, 'immutable')) found.forbidden('immutable', FROZEN);
  for (const field of fields) if (!semanticEqual(object[field] ?? {}, old[field] ?? {})) found.forbidden(field, FROZEN);
}

/** What each type of Secret must have. */
const REQUIRED_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
};
const ACCOUNT_ANNOTATION = 'kubernetes.io/service-account.name';

function secret(found: Findings, object: Fields): void {
  const data = textsOf(object['data']);
  const type = textOf(object['type']);
  let bytes = 0;
  for (const [key, value] of sortedEntries(data)) {
    found.invalidEach(`data[${key}]`, key, configKeyProblems(key));
    bytes += bytesOf(value);
  }
  if (bytes > MAX_DATA) found.tooLong('data', MAX_DATA);
  if (type === 'kubernetes.io/service-account-token') {
    const annotations = textsOf(fieldsOf(object['metadata'])['annotations']);
    if ((annotations[ACCOUNT_ANNOTATION] ?? '') === '') found.required(`metadata.annotations[${ACCOUNT_ANNOTATION}]`);
  }
  if (type === 'kubernetes.io/basic-auth' && data['username'] === undefined && data['password'] === undefined) {
    found.required('data[username]');
    found.required('data[password]');
  }
  for (const key of (Object.hasOwn(REQUIRED_KEYS, type) && REQUIRED_KEYS[type]) || []) {
    const value = data[key];
    if (value === undefined || (type === 'kubernetes.io/ssh-auth' && value === '')) found.required(`data[${key}]`);
    else if (type.startsWith('kubernetes.io/docker')) dockerConfig(found, key, value);
  }
}

function dockerConfig(found: Findings, key: string, value: string): void {
  const text = Buffer.from(value, 'base64').toString();
  const problem = jsonObjectProblem(text);
  if (problem !== undefined) found.invalid(`data[${key}]`, '<secret contents redacted>', problem);
}

/** What Go's decoder says of a text that is no JSON object, for the common cases. */
function jsonObjectProblem(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && !Array.isArray(value)) return undefined;
    const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
  } catch {
    const first = text.trim().charAt(0);
    if (first === '') return 'unexpected end of JSON input';
    if (!/[{["0-9tfn-]/.test(first)) return `invalid character '${first}' looking for beginning of value`;
    return 'unexpected end of JSON input';
  }
}

export const CONFIG_STRATEGIES = {
  configmaps: kindStrategy('core.ConfigMap', {
    validate: configMap,
    validateUpdate: (found, object, old) => frozen(found, object, old, ['data', 'binaryData']),
  }),
  secrets: kindStrategy('core.Secret', {
    defaults(object) {
      const texts = textsOf(object['stringData']);
      if (Object.keys(texts).length > 0) {
        const entries = Object.entries(texts).map(([key, text]): [string, string] => [
          key,
          Buffer.from(text).toString('base64'),
        ]);
        object['data'] = { ...fieldsOf(object['data']), ...Object.fromEntries(entries) };
      }
      delete object['stringData'];
      if (textOf(object['type']) === '') object['type'] = 'Opaque';
    },
    prepareUpdate(object, old) {
      // An update that says nothing of the type keeps it.
      if (!has(object, 'type')) object['type'] = old['type'];
    },
    validate: secret,
    validateUpdate(found, object, old) {
      immutable(found, 'type', object['type'], old['type']);
      frozen(found, object, old, ['data']);
    },
  }),
  serviceaccounts: kindStrategy('core.ServiceAccount'),
};
