/** POST, PUT, PATCH, DELETE and DELETE of a collection. */
import { ApiFailure, badRequest } from '../api/failure.ts';
import { trackUpdate } from '../patch/managed-fields.ts';
import { expectBody } from '../registry/body/expect.ts';
import { typeFailure } from '../registry/body/fields.ts';
import { deleteCollection as deleteEach } from '../registry/delete-collection.ts';
import { expectedOf } from '../registry/flows/prepare.ts';
import type { Deleted, Patch, PatchType, WriteContext } from '../registry/types.ts';
import type { Version } from '../store/types.ts';
import type { KubeObject, ResourceId } from '../types.ts';
import { answerObject, answerStatusObject, type Call, kindOf, represent, targetOf } from './call.ts';
import { MEDIA_TYPES } from './negotiate.ts';
import type { Decoded } from './ports.ts';
import { openEnvelope } from './protobuf-wire.ts';
import { listQuery, parentOf, scopeOf } from './reads.ts';
import { sendPieces } from './stream-body.ts';
import { readDeleteOptions, readWriteOptions, type WriteOptions } from './write-options.ts';

export async function createObject(call: Call): Promise<void> {
  const { parts, exchange, served, path, caller } = call;
  const representation = represent(call, 'object');
  const format = bodyFormat(call);
  const body = await exchange.readBody();
  const options = readWriteOptions(exchange.query, 'CreateOptions');
  const { object, strictErrors } = decodeObject(call, body, format);
  const review = parts.reviews[served.resource.id];
  if (review !== undefined && path.subresource === '') {
    const asked = ownedReview(call, readReview(call, object), options);
    return answerObject(call, representation, 201, review(asked, caller, path.namespace ?? ''));
  }
  const target = targetOf(call);
  const created = parts.registry.create(target, object, contextOf(call, options, strictErrors));
  // A Status that stands for what was made says so, as that of an eviction.
  const answer = created.kind === 'Status' ? { ...created, code: created['code'] ?? 201 } : created;
  answerObject(call, representation, 201, answer);
}

/** Of the right kind and types. Reviews are not stored, so that no registry sees them. */
function readReview(call: Call, body: KubeObject): KubeObject {
  const target = targetOf(call);
  const review = expectBody(body, expectedOf(target), call.parts.kinds);
  const failure = typeFailure(target, call.served.version.schema, review);
  if (failure !== undefined) throw failure;
  return review;
}

/** The field manager looks at reviews, too, although nobody keeps them; those of the caller itself pass it by. */
function ownedReview(call: Call, review: KubeObject, options: WriteOptions): KubeObject {
  const { served, parts } = call;
  const { group, kind } = served.resource;
  const { version, schema } = served.version;
  const after: KubeObject = { ...review, kind, apiVersion: `${group}/${version}`, metadata: review.metadata ?? {} };
  const managedFields = trackUpdate({
    manager: contextOf(call, options).fieldManager,
    apiVersion: after.apiVersion,
    now: parts.clock.now(),
    schema,
    resolve: parts.kinds.resolve,
    after,
  });
  return managedFields === undefined ? after : { ...after, metadata: { ...after.metadata, managedFields } };
}

export async function updateObject(call: Call): Promise<void> {
  const { parts, exchange } = call;
  const representation = represent(call, 'object');
  const format = bodyFormat(call);
  const body = await exchange.readBody();
  const options = readWriteOptions(exchange.query, 'UpdateOptions');
  const { object, strictErrors } = decodeObject(call, body, format);
  const context = contextOf(call, options, strictErrors);
  const { object: written, created } = parts.registry.update(targetOf(call), object, context);
  answerObject(call, representation, created ? 201 : 200, written);
}

const PATCH_TYPES: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

export async function patchObject(call: Call): Promise<void> {
  const { parts, exchange } = call;
  const type = patchType(call);
  const representation = represent(call, 'object');
  const bytes = await exchange.readBody();
  const options = readWriteOptions(exchange.query, 'PatchOptions', type);
  const { value, strictErrors } = decodePatch(call, bytes, type);
  const patch: Patch = { type, body: value, force: options.force };
  const context = contextOf(call, options, strictErrors);
  const { object, created } = parts.registry.patch(targetOf(call), patch, context);
  answerObject(call, representation, created ? 201 : 200, object);
}

function patchType({ exchange, served }: Call): PatchType {
  const type = PATCH_TYPES[mediaType(exchange.header('content-type'))];
  const custom = served.resource.origin === 'custom';
  if (type !== undefined && !(custom && type === 'strategic')) return type;
  if (!custom) throw new ApiFailure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  throw unknownFormat(Object.keys(PATCH_TYPES).filter((accepted) => PATCH_TYPES[accepted] !== 'strategic'));
}

/** What the patch must be is the registry's to check. */
function decodePatch(call: Call, bytes: Buffer, type: PatchType): Decoded {
  try {
    return call.parts.decode(bytes, type === 'apply' ? 'yaml' : 'json');
  } catch (thrown) {
    const why = bareReason(thrown);
    if (type === 'apply') throw badRequest(`error decoding YAML: error converting YAML to JSON: ${why}`);
    // It is read once the object is there.
    parentOf(call);
    throw badRequest(type === 'strategic' ? why : `error decoding patch: ${why}`);
  }
}

/** Resources whose deletion answers with the object that was (`ReturnDeletedObject` of their stores). */
const RETURNED: ReadonlySet<ResourceId> = new Set([
  'csidrivers.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'deviceclasses.resource.k8s.io',
  'devicetaintrules.resource.k8s.io',
  'namespaces',
  'persistentvolumeclaims',
  'persistentvolumes',
  'pods',
  'podtemplates',
  'resourceclaims.resource.k8s.io',
  'resourceclaimtemplates.resource.k8s.io',
  'resourcequotas',
  'resourceslices.resource.k8s.io',
  'serviceaccounts',
  'services',
  'storageclasses.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
  'volumeattributesclasses.storage.k8s.io',
]);

export async function deleteObject(call: Call): Promise<void> {
  const { parts, exchange, served } = call;
  const representation = represent(call, 'object');
  const { dryRun, waits, ...options } = await deleteOptionsOf(call);
  const deleted = parts.registry.delete(targetOf(call), options, deleteContext(call, dryRun));
  if (deleted.kind === 'gone' && !RETURNED.has(served.resource.id)) {
    return answerStatusObject(exchange, 200, deletedStatus(call, deleted));
  }
  answerObject(call, representation, deleted.kind === 'waiting' && waits ? 202 : 200, deleted.object);
}

function deletedStatus({ served, path }: Call, { object }: Deleted): object {
  const { group, plural } = served.resource;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: path.name,
      ...(group === '' ? {} : { group }),
      kind: plural,
      ...(object.metadata.uid === undefined ? {} : { uid: object.metadata.uid }),
    },
  };
}

/** Each object that the list names is deleted; one that went meanwhile is no failure. */
export async function deleteCollection(call: Call): Promise<void> {
  const { parts, exchange } = call;
  const representation = represent(call, 'object');
  const query = listQuery(call);
  const { dryRun, waits: _waits, ...options } = await deleteOptionsOf(call);
  const answer = parts.reader.list(scopeOf(call), query);
  const { name: _name, ...target } = targetOf(call);
  deleteEach(parts.registry, target, objectsOf(answer.versions), options, deleteContext(call, dryRun));
  const headers = { 'content-type': representation.contentType };
  await sendPieces(exchange, 200, headers, representation.list(answer));
}

function* objectsOf(versions: readonly Version[]): Iterable<KubeObject> {
  for (const { body } of versions) yield body.object();
}

async function deleteOptionsOf(call: Call) {
  const { exchange, parts } = call;
  const bytes = await exchange.readBody();
  if (bytes.length === 0) return readDeleteOptions(exchange.query, undefined);
  const format = bodyFormat(call);
  if (format === 'protobuf') return readDeleteOptions(exchange.query, decodeProtobuf(call, bytes));
  let value: unknown;
  try {
    ({ value } = parts.decode(bytes, format));
  } catch (thrown) {
    throw badRequest(`couldn't get version/kind; json parse error: ${bareReason(thrown)}`);
  }
  return readDeleteOptions(exchange.query, value);
}

function deleteContext(call: Call, dryRun: boolean): WriteContext {
  return contextOf(call, { dryRun, fieldManager: '', fieldValidation: 'Ignore', force: false });
}

function contextOf(
  { exchange, caller }: Call,
  options: WriteOptions,
  strictErrors: readonly string[] = [],
): WriteContext {
  return {
    strictErrors,
    caller,
    dryRun: options.dryRun,
    fieldManager: options.fieldManager || managerOf(exchange.header('user-agent')),
    fieldValidation: options.fieldValidation,
    warn: exchange.warn,
  };
}

/** The user agent up to its version, printable and at most 128 bytes, as the real server names a manager that gave no name. */
function managerOf(userAgent: string | undefined): string {
  const name = (userAgent ?? '').split('/')[0] ?? '';
  let manager = '';
  for (const character of name) {
    if (Buffer.byteLength(manager + character) > 128) break;
    if (/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(character)) manager += character;
  }
  return manager === '' ? 'unknown' : manager;
}

type BodyFormat = 'json' | 'yaml' | 'protobuf';

function mediaType(header: string | undefined): string {
  return (header?.split(';')[0] ?? '').trim().toLowerCase();
}

/** Throws the 415. */
function bodyFormat({ exchange, parts, served }: Call): BodyFormat {
  const type = mediaType(exchange.header('content-type'));
  if (type === '' || type === MEDIA_TYPES.json) return 'json';
  if (type === MEDIA_TYPES.yaml) return 'yaml';
  const binary = parts.protobuf?.decode !== undefined && served.resource.origin === 'builtin';
  if (type === MEDIA_TYPES.protobuf && binary) return 'protobuf';
  throw unknownFormat(Object.values(MEDIA_TYPES));
}

function unknownFormat(accepted: readonly string[]): ApiFailure {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return new ApiFailure(415, 'UnsupportedMediaType', message);
}

function decodeProtobuf({ parts }: Call, bytes: Buffer): unknown {
  const { apiVersion, kind, raw } = openEnvelope(bytes);
  return parts.protobuf?.decode?.(apiVersion, kind, raw);
}

/** The body as sent; what it must be is the registry's to check. */
function decodeObject(
  call: Call,
  bytes: Buffer,
  format: BodyFormat,
): { object: KubeObject; strictErrors: readonly string[] } {
  if (format === 'protobuf') return { object: decodeProtobuf(call, bytes) as KubeObject, strictErrors: [] };
  try {
    const { value, strictErrors } = call.parts.decode(bytes, format);
    // To a decoder of Go `null` is an object with nothing in it.
    return { object: (value ?? {}) as KubeObject, strictErrors };
  } catch (thrown) {
    const { kind } = kindOf(call);
    throw badRequest(`the object provided is unrecognized (must be of type ${kind}): ${messageOf(thrown)}`);
  }
}

/** Of what the decoder says of a body, what is wrong with it. */
function bareReason(thrown: unknown): string {
  const message = messageOf(thrown);
  return /^couldn't get version\/kind; (?:json parse error: )?(.*) \([^()]*\)$/.exec(message)?.[1] ?? message;
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
