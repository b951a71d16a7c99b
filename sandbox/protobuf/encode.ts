/** Objects as Kubernetes protobuf, byte for byte as the real server writes them: zero values included where it includes them. */
import { type Field, type Message, messageOf } from './messages.ts';
import { encodeSpecial } from './special.ts';
import type { BackwardWriter } from './writer.ts';

type Json = Readonly<Record<string, unknown>>;

const EMPTY: Json = {};

export function encodeMessage(message: Message, object: Json, writer: BackwardWriter): void {
  for (let index = message.fields.length - 1; index >= 0; index--) {
    const field = message.fields[index];
    if (field !== undefined) encodeField(field, field.inline ? object : object[field.json], writer);
  }
}

function encodeField(field: Field, value: unknown, writer: BackwardWriter): void {
  switch (field.shape) {
    case 'list':
      if (Array.isArray(value)) for (const item of value.toReversed()) encodeOne(field, item, writer);
      return;
    case 'map':
      if (isObject(value)) encodeMap(field, value, writer);
      return;
    case 'one':
      if (field.optional && (value === undefined || value === null)) return;
      encodeOne(field, value, writer);
  }
}

/** Entries in the order of their keys, each a message of key (1) and value (2). */
function encodeMap(field: Field, value: Json, writer: BackwardWriter): void {
  for (const key of Object.keys(value).sort(byBytes).reverse()) {
    const before = writer.length;
    encodeOne({ ...field, number: 2 }, value[key], writer);
    encodeText(1, key, writer);
    writer.close(field.number, before);
  }
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

function encodeText(number: number, text: string, writer: BackwardWriter): void {
  const before = writer.length;
  writer.text(text);
  writer.close(number, before);
}

function encodeOne({ number, type }: Field, value: unknown, writer: BackwardWriter): void {
  switch (type) {
    case 'string':
      encodeText(number, typeof value === 'string' ? value : '', writer);
      return;
    case 'bool':
      writer.varint(value === true ? 1 : 0);
      writer.tag(number, 0);
      return;
    case 'int32':
    case 'int64':
    case 'uint32':
      writer.varint(typeof value === 'number' ? value : 0);
      writer.tag(number, 0);
      return;
    case 'double':
      writer.double(typeof value === 'number' ? value : 0);
      writer.tag(number, 1);
      return;
    case 'bytes':
      // Base64 in JSON. A list of bytes that is not there is not written, unlike a string.
      if (typeof value !== 'string') return;
      encodeBytes(number, Buffer.from(value, 'base64'), writer);
      return;
    default:
      encodeNested(number, type, value, writer);
  }
}

function encodeBytes(number: number, bytes: Buffer, writer: BackwardWriter): void {
  const before = writer.length;
  writer.bytes(bytes);
  writer.close(number, before);
}

function encodeNested(number: number, type: string, value: unknown, writer: BackwardWriter): void {
  const before = writer.length;
  if (!encodeSpecial(type, value, writer, encodeNamed)) encodeNamed(type, isObject(value) ? value : EMPTY, writer);
  writer.close(number, before);
}

/** The members of a message known by its name. */
function encodeNamed(type: string, object: Json, writer: BackwardWriter): void {
  const message = messageOf(type);
  if (message === undefined) throw new Error(`no protobuf message ${type}`);
  encodeMessage(message, object, writer);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
