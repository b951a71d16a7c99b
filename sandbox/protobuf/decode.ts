/** Kubernetes protobuf as the objects that it stands for. Bytes come from callers: every length and depth is checked. */
import { type Field, type Message, messageOf } from './messages.ts';
import { decodeSpecial, type SpecialFields } from './special.ts';

type Json = Record<string, unknown>;

/** What was sent is no message of its kind. */
export class ProtobufError extends Error {}

const MAX_DEPTH = 100;

type Wire = { number: number; kind: 'varint'; value: number } | { number: number; kind: 'bytes'; value: Buffer };

export function decodeMessage(message: Message, bytes: Buffer, depth = 0): Json {
  if (depth > MAX_DEPTH) throw new ProtobufError('it is nested too deeply');
  const object: Json = {};
  for (const wire of fieldsOf(bytes)) {
    const field = message.byNumber.get(wire.number);
    // A newer client may send what this version does not know.
    if (field !== undefined) take(object, field, wire, depth);
  }
  for (const field of message.fields) finish(object, field);
  return object;
}

function take(object: Json, field: Field, wire: Wire, depth: number): void {
  if (field.inline) {
    Object.assign(object, nested(field.type, bytesOf(wire), depth));
  } else if (field.shape === 'map') {
    const [key, value] = entry(field, bytesOf(wire), depth);
    const map = (object[field.json] ?? {}) as Json;
    object[field.json] = map;
    Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });
  } else if (field.shape === 'list') {
    const list = (object[field.json] ?? []) as unknown[];
    object[field.json] = list;
    list.push(decodeOne(field.type, wire, depth));
  } else {
    const value = decodeOne(field.type, wire, depth);
    if (value !== undefined) object[field.json] = value;
  }
}

/** Zero values that JSON leaves out go. */
function finish(object: Json, { json, omitEmpty, optional, inline, shape }: Field): void {
  if (inline || !omitEmpty || optional || shape !== 'one') return;
  const value = object[json];
  if (value === '' || value === 0 || value === false) delete object[json];
}

function entry(field: Field, bytes: Buffer, depth: number): [string, unknown] {
  let key = '';
  let value: unknown;
  for (const wire of fieldsOf(bytes)) {
    if (wire.number === 1) key = bytesOf(wire).toString('utf8');
    else if (wire.number === 2) value = decodeOne(field.type, wire, depth);
  }
  return [key, value ?? (field.type === 'string' || field.type === 'bytes' ? '' : {})];
}

function decodeOne(type: string, wire: Wire, depth: number): unknown {
  switch (type) {
    case 'string':
      return bytesOf(wire).toString('utf8');
    case 'bytes':
      return bytesOf(wire).toString('base64');
    case 'bool':
      return numberOf(wire) !== 0;
    case 'int32':
    case 'int64':
    case 'uint32':
      return numberOf(wire);
    case 'double':
      if (bytesOf(wire).length !== 8) throw new ProtobufError('a number of eight bytes has another length');
      return bytesOf(wire).readDoubleLE();
    default:
      return nested(type, bytesOf(wire), depth);
  }
}

function nested(type: string, bytes: Buffer, depth: number): unknown {
  const special = decodeSpecial(type, specialFields(bytes, depth));
  if (special !== undefined) return special.value;
  const message = messageOf(type);
  if (message === undefined) throw new ProtobufError(`there is no message ${type}`);
  return decodeMessage(message, bytes, depth + 1);
}

/** The fields of a message that JSON writes in its own form, looked at only when it is one. */
function specialFields(bytes: Buffer, depth: number): SpecialFields {
  const all = (number: number) => fieldsOf(bytes).filter((wire) => wire.number === number);
  return {
    number: (number) => {
      const wire = all(number).at(-1);
      return wire === undefined ? undefined : numberOf(wire);
    },
    texts: (number) => all(number).map((wire) => bytesOf(wire).toString('utf8')),
    messages: (number, type) => all(number).map((wire) => nested(type, bytesOf(wire), depth + 1)),
  };
}

function bytesOf(wire: Wire): Buffer {
  if (wire.kind === 'bytes') return wire.value;
  throw new ProtobufError(`field ${wire.number} is a number where bytes belong`);
}

function numberOf(wire: Wire): number {
  if (wire.kind === 'varint') return wire.value;
  throw new ProtobufError(`field ${wire.number} is bytes where a number belongs`);
}

function fieldsOf(bytes: Buffer): Wire[] {
  const fields: Wire[] = [];
  const reader = { bytes, at: 0 };
  while (reader.at < bytes.length) {
    const key = varint(reader);
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case 0:
        fields.push({ number, kind: 'varint', value: varint(reader) });
        break;
      case 1:
        fields.push({ number, kind: 'bytes', value: slice(reader, 8) });
        break;
      case 2:
        fields.push({ number, kind: 'bytes', value: slice(reader, varint(reader)) });
        break;
      case 5:
        fields.push({ number, kind: 'bytes', value: slice(reader, 4) });
        break;
      default:
        throw new ProtobufError(`field ${number} has a wire type that is not used`);
    }
  }
  return fields;
}

interface Reader {
  bytes: Buffer;
  at: number;
}

function slice(reader: Reader, length: number): Buffer {
  const end = reader.at + length;
  if (!(length >= 0 && end <= reader.bytes.length)) throw new ProtobufError('it ends within a field');
  const part = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return part;
}

/** Up to ten bytes; two's complement of 64 bits. */
function varint(reader: Reader): number {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined) throw new ProtobufError('it ends within a number');
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return Number(BigInt.asIntN(64, value));
  }
  throw new ProtobufError('a number is longer than ten bytes');
}
