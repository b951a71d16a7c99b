/**
 * The protobuf bodies that a guard has to understand, as JSON. Field numbers: k8s.io/apimachinery/pkg/apis/meta/v1/generated.proto,
 * k8s.io/apimachinery/pkg/runtime/generated.proto, k8s.io/api/{core,policy}/v1/generated.proto (v1.36).
 */
import { decodeMessage, type Schema } from './decode.ts';
import { MalformedProtobuf, wireFields } from './wire.ts';

export const PROTOBUF_TYPE = 'application/vnd.kubernetes.protobuf';
/** `k8s\0`. */
const MAGIC = [0x6b, 0x38, 0x73, 0x00];

const TYPE_META: Schema = { 1: ['apiVersion', 'string'], 2: ['kind', 'string'] };
const OWNER: Schema = {
  1: ['kind', 'string'],
  3: ['name', 'string'],
  4: ['uid', 'string'],
  5: ['apiVersion', 'string'],
  6: ['controller', 'bool'],
  7: ['blockOwnerDeletion', 'bool'],
};
const MANAGED_FIELDS: Schema = {
  1: ['manager', 'string'],
  2: ['operation', 'string'],
  3: ['apiVersion', 'string'],
  4: ['time', 'time'],
  6: ['fieldsType', 'string'],
  7: ['fieldsV1', { message: { 1: ['raw', 'json'] } }],
  8: ['subresource', 'string'],
};
const OBJECT_META: Schema = {
  1: ['name', 'string'],
  2: ['generateName', 'string'],
  3: ['namespace', 'string'],
  4: ['selfLink', 'string'],
  5: ['uid', 'string'],
  6: ['resourceVersion', 'string'],
  7: ['generation', 'int'],
  8: ['creationTimestamp', 'time'],
  9: ['deletionTimestamp', 'time'],
  10: ['deletionGracePeriodSeconds', 'int'],
  11: ['labels', { map: 'string' }],
  12: ['annotations', { map: 'string' }],
  13: ['ownerReferences', { repeated: { message: OWNER } }],
  14: ['finalizers', { repeated: 'string' }],
  17: ['managedFields', { repeated: { message: MANAGED_FIELDS } }],
};
const SECRET: Schema = {
  1: ['metadata', { message: OBJECT_META }],
  2: ['data', { map: 'bytes' }],
  3: ['type', 'string'],
  4: ['stringData', { map: 'string' }],
  5: ['immutable', 'bool'],
};
const DELETE_OPTIONS: Schema = {
  1: ['gracePeriodSeconds', 'int'],
  2: ['preconditions', { message: { 1: ['uid', 'string'], 2: ['resourceVersion', 'string'] } }],
  3: ['orphanDependents', 'bool'],
  4: ['propagationPolicy', 'string'],
  5: ['dryRun', { repeated: 'string' }],
  6: ['ignoreStoreReadErrorWithClusterBreakingPotential', 'bool'],
};

const EVICTION: Schema = {
  1: ['metadata', { message: OBJECT_META }],
  2: ['deleteOptions', { message: DELETE_OPTIONS }],
};

/** The kinds that are read as a whole: by kind. */
const KINDS: Readonly<Record<string, Schema>> = { Secret: SECRET, DeleteOptions: DELETE_OPTIONS, Eviction: EVICTION };

interface Envelope {
  apiVersion: string;
  kind: string;
  raw: Uint8Array;
}

/** `k8s\0` and runtime.Unknown around the object. */
function openEnvelope(bytes: Uint8Array): Envelope {
  if (MAGIC.some((byte, at) => bytes[at] !== byte)) throw new MalformedProtobuf('it does not begin as an object');
  let typeMeta: Record<string, unknown> | undefined;
  let raw: Uint8Array | undefined;
  for (const field of wireFields(bytes.subarray(MAGIC.length))) {
    if (field.type !== 'bytes') throw new MalformedProtobuf('its envelope holds a number');
    if (field.number === 1 && typeMeta === undefined) typeMeta = decodeMessage(field.value, TYPE_META);
    else if (field.number === 2 && raw === undefined) raw = field.value;
    // Content encoding and content type: empty, or the only type that there is.
    else if (field.number === 3 && field.value.length === 0) continue;
    else if (field.number === 4 && ['', PROTOBUF_TYPE].includes(Buffer.from(field.value).toString('latin1'))) continue;
    else throw new MalformedProtobuf('its envelope is not known');
  }
  const { apiVersion = '', kind = '' } = typeMeta ?? {};
  return { apiVersion: String(apiVersion), kind: String(kind), raw: raw ?? new Uint8Array() };
}

/** The whole object as JSON, for the kinds that are read so: it has to be of the kind `kind`. */
export function decodeKubernetes(bytes: Uint8Array, kind: string): Record<string, unknown> {
  const envelope = openEnvelope(bytes);
  const schema = KINDS[kind];
  if (schema === undefined || envelope.kind !== kind) throw new MalformedProtobuf(`it is no ${kind}`);
  const object = decodeMessage(envelope.raw, schema);
  unwrapFieldSets(object['metadata']);
  return { kind, apiVersion: envelope.apiVersion, ...object };
}

/** FieldsV1 is a message around its JSON. */
function unwrapFieldSets(metadata: unknown): void {
  if (typeof metadata !== 'object' || metadata === null || !('managedFields' in metadata)) return;
  const { managedFields } = metadata;
  for (const entry of Array.isArray(managedFields) ? managedFields : []) {
    if (entry.fieldsV1 !== undefined) entry.fieldsV1 = entry.fieldsV1.raw;
  }
}

/** Name and generateName of any object; every object's first field is its metadata. Throws where there could be two readings. */
export function nameInProtobuf(bytes: Uint8Array): { name?: string; generateName?: string } {
  const { raw } = openEnvelope(bytes);
  const names: { name?: string; generateName?: string } = {};
  let seen = false;
  for (const field of wireFields(raw)) {
    if (field.number !== 1) continue;
    if (seen || field.type !== 'bytes') throw new MalformedProtobuf('its metadata is there twice');
    seen = true;
    const { name, generateName } = decodeMessage(field.value, OBJECT_META);
    if (typeof name === 'string' && name !== '') names.name = name;
    if (typeof generateName === 'string' && generateName !== '') names.generateName = generateName;
  }
  return names;
}
