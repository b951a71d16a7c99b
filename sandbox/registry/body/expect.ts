/** Whether a body is of the kind and version that its path is for, in the words of the real decoder. */
import { type ApiFailure, badRequest, invalid } from '../../api/failure.ts';
import type { Kinds } from '../../kinds/types.ts';
import type { KubeObject, ResourceInfo } from '../../types.ts';
import { copyJson, isRecord } from '../json.ts';
import { apiVersionOf } from '../parts.ts';

export interface Expected {
  group: string;
  version: string;
  kind: string;
  origin: ResourceInfo['origin'];
  /** Versions whose bodies are taken, too: `policy/v1beta1` for an Eviction. */
  also?: readonly string[];
}

/** The Go packages of internal types, where they are not named like the group. */
const INTERNAL_PACKAGE: Readonly<Record<string, string>> = { '': 'core' };

/** The body as an object with `apiVersion`, `kind` and `metadata`; never the sender's own object. */
export function expectBody(body: unknown, expected: Expected, kinds: Kinds): KubeObject {
  if (!isRecord(body)) throw unrecognized(body, expected);
  for (const field of ['apiVersion', 'kind']) {
    const value = body[field];
    if (value === undefined || value === null || typeof value === 'string') continue;
    const why = `json: cannot unmarshal ${jsonType(value)} into Go struct field .${field} of type string`;
    throw unrecognized(body, expected, `couldn't get version/kind; json parse error: ${why}`, SHOWN);
  }
  const wanted = apiVersionOf(expected.group, expected.version);
  const { apiVersion, kind } = withDefaults(body, wanted, expected);
  const metadata = body['metadata'] ?? {};
  const [group, version] = split(apiVersion);
  const accepted = apiVersion === wanted || expected.also?.includes(apiVersion) === true;
  if (expected.origin === 'custom') {
    if (!accepted) throw mismatch(apiVersion, wanted);
    if (kind !== expected.kind) throw wrongCustomKind(kind, group, metadata, expected.kind);
  } else if (!accepted || kind !== expected.kind) {
    throw wrongBuiltin(apiVersion, group, version, kind, expected, kinds);
  }
  if (!isRecord(metadata)) throw badMetadata(metadata, kind, version, expected.kind);
  // The shape of metadata is checked with the rest of the body.
  return copyJson({ ...body, apiVersion, kind, metadata }) as unknown as KubeObject;
}

function withDefaults(body: Record<string, unknown>, wanted: string, expected: Expected) {
  const { apiVersion, kind } = body;
  const hasVersion = typeof apiVersion === 'string' && apiVersion !== '';
  const hasKind = typeof kind === 'string' && kind !== '';
  if (expected.origin === 'custom') {
    const missing = hasKind ? (hasVersion ? '' : 'apiVersion') : 'Kind';
    if (missing === 'Kind') throw unrecognized(body, expected, `Object 'Kind' is missing in '${JSON.stringify(body)}'`);
    if (missing !== '')
      throw badRequest('the API version in the data () does not match the expected API version ' + `(${wanted})`);
  }
  return { apiVersion: hasVersion ? apiVersion : wanted, kind: hasKind ? kind : expected.kind };
}

/** How much is shown of a body whose kind cannot be told. */
const SHOWN = 30;

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function unrecognized(body: unknown, { kind }: Expected, why?: string, atMost = 256): ApiFailure {
  const type = jsonType(body);
  const reason =
    why ??
    `couldn't get version/kind; json parse error: json: cannot unmarshal ${type} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;
  const sent = JSON.stringify(body) ?? '';
  const shown = isRecord(body) ? sent : Buffer.from(sent).toString('hex');
  const cut = shown.length > atMost && atMost === SHOWN ? `${shown.slice(0, atMost)} ...` : shown.slice(0, atMost);
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${reason} (${cut})`);
}

const mismatch = (sent: string, wanted: string) =>
  badRequest(`the API version in the data (${sent}) does not match the expected API version (${wanted})`);

function wrongCustomKind(kind: string, group: string, metadata: unknown, wanted: string): ApiFailure {
  const name = isRecord(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : '';
  const message = `Invalid value: ${JSON.stringify(kind)}: must be ${wanted}`;
  return invalid({ kind, group }, name, [{ reason: 'FieldValueInvalid', field: 'kind', message }]);
}

function wrongBuiltin(
  apiVersion: string,
  group: string,
  version: string,
  kind: string,
  expected: Expected,
  kinds: Kinds,
): ApiFailure {
  const handled = `${kind} in version "${version}" cannot be handled as a ${expected.kind}`;
  const known = kinds.byKind(group, version, kind);
  const isList =
    kind.endsWith('List') && (kind === 'List' || kinds.byKind(group, version, kind.slice(0, -'List'.length)));
  if (!isList && (known === undefined || known.resource.origin === 'custom')) {
    const why = `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`;
    return badRequest(`${handled}: ${why}`);
  }
  if (kind === expected.kind) return mismatch(apiVersion, apiVersionOf(expected.group, expected.version));
  const internal = (of: string) => INTERNAL_PACKAGE[of] ?? of.split('.')[0] ?? of;
  const why = `converting (${version}.${kind}) to (${internal(expected.group)}.${expected.kind}): unknown conversion`;
  return badRequest(`${handled}: ${why}`);
}

function badMetadata(metadata: unknown, kind: string, version: string, wanted: string): ApiFailure {
  const type = Array.isArray(metadata) ? 'array' : typeof metadata;
  return badRequest(
    `${kind} in version "${version}" cannot be handled as a ${wanted}: json: cannot unmarshal ${type} into Go struct field ${wanted}.metadata of type v1.ObjectMeta`,
  );
}

function split(apiVersion: string): [group: string, version: string] {
  const at = apiVersion.indexOf('/');
  return at < 0 ? ['', apiVersion] : [apiVersion.slice(0, at), apiVersion.slice(at + 1)];
}
