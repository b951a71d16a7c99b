/** What the server itself writes in protobuf: the envelope, lists, watch events, Status. Objects come encoded. */
import { ApiFailure } from '../api/failure.ts';
import type { Status } from '../api/types.ts';

/** Starts every Kubernetes message (`k8s.io/apimachinery/pkg/runtime/serializer/protobuf`). */
const MAGIC = Buffer.from('k8s\0', 'latin1');
const EMPTY = Buffer.alloc(0);

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

/** Tag and length of a length-delimited field. */
export function fieldHead(field: number, length: number): Buffer {
  return Buffer.concat([varint(field * 8 + 2), varint(length)]);
}

/** A length-delimited field. */
export function bytesField(field: number, value: Buffer | string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([fieldHead(field, bytes.length), bytes]);
}

function numberField(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

/** `runtime.Unknown` around `rawLength` bytes that follow `head` and precede `tail`. */
export function envelope(apiVersion: string, kind: string, rawLength: number): { head: Buffer; tail: Buffer } {
  const typeMeta = Buffer.concat([bytesField(1, apiVersion), bytesField(2, kind)]);
  return {
    head: Buffer.concat([MAGIC, bytesField(1, typeMeta), fieldHead(2, rawLength)]),
    // contentEncoding and contentType: always written, always empty.
    tail: Buffer.concat([bytesField(3, EMPTY), bytesField(4, EMPTY)]),
  };
}

export function enveloped(apiVersion: string, kind: string, raw: Buffer): Buffer {
  const { head, tail } = envelope(apiVersion, kind, raw.length);
  return Buffer.concat([head, raw, tail]);
}

export interface ListMeta {
  resourceVersion: string;
  continue?: string;
  remainingItemCount?: number;
}

/** meta/v1 ListMeta: selfLink 1, resourceVersion 2, continue 3, remainingItemCount 4. */
export function listMeta(meta: ListMeta): Buffer {
  return Buffer.concat([
    bytesField(1, EMPTY),
    bytesField(2, meta.resourceVersion),
    bytesField(3, meta.continue ?? ''),
    ...(meta.remainingItemCount === undefined ? [] : [numberField(4, meta.remainingItemCount)]),
  ]);
}

/** meta/v1 ObjectMeta of a bookmark: nothing but a resourceVersion (6) and annotations (12). */
export function bookmarkMeta(resourceVersion: string, annotations: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat([
    ...[1, 2, 3, 4, 5].map((field) => bytesField(field, EMPTY)),
    bytesField(6, resourceVersion),
    numberField(7, 0),
    bytesField(8, EMPTY),
    ...Object.entries(annotations).map(([key, value]) =>
      bytesField(12, Buffer.concat([bytesField(1, key), bytesField(2, value)])),
    ),
  ]);
}

/** meta/v1 WatchEvent with its length before it, four octets, as frames of a stream have it. */
export function watchFrame(type: string, object: Buffer): Buffer {
  const event = Buffer.concat([bytesField(1, type), bytesField(2, bytesField(1, object))]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(event.length);
  return Buffer.concat([length, event]);
}

/** meta/v1 Status, in its envelope. */
export function encodeStatus(status: Status): Buffer {
  const { details } = status;
  const message = Buffer.concat([
    bytesField(1, listMeta({ resourceVersion: '' })),
    bytesField(2, status.status),
    bytesField(3, status.message ?? ''),
    bytesField(4, status.reason ?? ''),
    ...(details === undefined ? [] : [bytesField(5, encodeDetails(details))]),
    numberField(6, status.code ?? 0),
  ]);
  return enveloped('v1', 'Status', message);
}

function encodeDetails(details: NonNullable<Status['details']>): Buffer {
  return Buffer.concat([
    bytesField(1, details.name ?? ''),
    bytesField(2, details.group ?? ''),
    bytesField(3, details.kind ?? ''),
    ...(details.causes ?? []).map(({ reason, message, field }) =>
      bytesField(4, Buffer.concat([bytesField(1, reason), bytesField(2, message), bytesField(3, field ?? '')])),
    ),
    numberField(5, details.retryAfterSeconds ?? 0),
    bytesField(6, details.uid ?? ''),
  ]);
}

/** The bytes of length-delimited `field` at the top level of `message`; empty when it is not there. */
export function findField(message: Buffer, field: number): Buffer {
  let at = 0;
  const read = () => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = message[at++];
      if (byte === undefined) throw rubbish();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
      if (scale > Number.MAX_SAFE_INTEGER) throw rubbish();
    }
  };
  while (at < message.length) {
    const tag = read();
    const wire = tag % 8;
    if (wire === 0) read();
    else if (wire === 2) {
      const length = read();
      if (at + length > message.length) throw rubbish();
      if (Math.floor(tag / 8) === field) return message.subarray(at, at + length);
      at += length;
    } else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else throw rubbish();
  }
  return EMPTY;
}

/** What an envelope holds. Throws the 400 for anything else. */
export function openEnvelope(body: Buffer): { apiVersion: string; kind: string; raw: Buffer } {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) throw rubbish();
  const unknown = body.subarray(MAGIC.length);
  const typeMeta = findField(unknown, 1);
  return {
    apiVersion: findField(typeMeta, 1).toString(),
    kind: findField(typeMeta, 2).toString(),
    raw: findField(unknown, 2),
  };
}

function rubbish(): ApiFailure {
  const message = 'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]';
  return new ApiFailure(400, 'BadRequest', message);
}
