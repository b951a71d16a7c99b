import { decodeUtf8 } from '../../redaction/fingerprint.ts';
import { MalformedProtobuf, type WireField, wireFields } from './wire.ts';

/** How a field becomes JSON. */
export type FieldType =
  | 'string'
  | 'int'
  | 'bool'
  /** Base64 in JSON. */
  | 'bytes'
  /** JSON as it is. */
  | 'json'
  | 'time'
  | { message: Schema }
  | { repeated: FieldType }
  | { map: 'string' | 'bytes' };

export type Schema = Readonly<Record<number, readonly [name: string, type: FieldType]>>;

/** One message as the JSON that stands for it. A field that the schema does not have, or has once and the message twice, is an error. */
export function decodeMessage(bytes: Uint8Array, schema: Schema): Record<string, unknown> {
  const out = new Map<string, unknown>();
  for (const field of wireFields(bytes)) {
    const [name, type] = schema[field.number] ?? [];
    if (name === undefined || type === undefined) throw new MalformedProtobuf(`field ${field.number} is not known`);
    if (typeof type === 'object' && 'repeated' in type) {
      const items = out.get(name);
      const item = decodeValue(field, type.repeated);
      if (Array.isArray(items)) items.push(item);
      else out.set(name, [item]);
    } else if (typeof type === 'object' && 'map' in type) {
      const entries = out.get(name);
      const map = entries instanceof Map ? entries : new Map<string, unknown>();
      addEntry(map, field, type.map);
      out.set(name, map);
    } else if (out.has(name)) throw new MalformedProtobuf(`${name} is there twice`);
    else out.set(name, decodeValue(field, type));
  }
  const plain = [...out].map(([name, value]) => [name, value instanceof Map ? Object.fromEntries(value) : value]);
  return Object.fromEntries(plain.filter(([, value]) => value !== undefined));
}

function addEntry(map: Map<string, unknown>, field: WireField, type: 'string' | 'bytes'): void {
  const { key = '', value = '' } = decodeMessage(bytesOf(field), { 1: ['key', 'string'], 2: ['value', type] });
  if (typeof key !== 'string' || map.has(key)) throw new MalformedProtobuf('a map has a key twice');
  map.set(key, value);
}

function decodeValue(field: WireField, type: Exclude<FieldType, { repeated: FieldType } | { map: string }>): unknown;
function decodeValue(field: WireField, type: FieldType): unknown;
function decodeValue(field: WireField, type: FieldType): unknown {
  if (type === 'int' || type === 'bool') return numberOf(field, type);
  const bytes = bytesOf(field);
  if (type === 'string') return textOf(bytes);
  if (type === 'bytes') return Buffer.from(bytes).toString('base64');
  if (type === 'json') return jsonOf(textOf(bytes));
  if (type === 'time') return timeOf(bytes);
  if ('message' in type) return decodeMessage(bytes, type.message);
  throw new MalformedProtobuf('lists of lists are not known');
}

function bytesOf(field: WireField): Uint8Array {
  if (field.type !== 'bytes') throw new MalformedProtobuf(`field ${field.number} is no text`);
  return field.value;
}

function textOf(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new MalformedProtobuf('a text is not UTF-8');
  return text;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedProtobuf('a raw field is not JSON');
  }
}

function numberOf(field: WireField, type: 'int' | 'bool'): number | boolean {
  if (field.type !== 'varint') throw new MalformedProtobuf(`field ${field.number} is no number`);
  if (type === 'bool') return field.value !== 0n;
  const value = Number(BigInt.asIntN(64, field.value));
  if (!Number.isSafeInteger(value)) throw new MalformedProtobuf('a number is too large');
  return value;
}

/** Years that RFC 3339 can write, in seconds. */
const MAX_SECONDS = 253_402_300_799;

/** metav1.Time: no bytes for the zero time, which JSON leaves out. */
function timeOf(bytes: Uint8Array): string | undefined {
  const { seconds = 0 } = decodeMessage(bytes, { 1: ['seconds', 'int'], 2: ['nanos', 'int'] });
  if (bytes.length === 0) return undefined;
  if (typeof seconds !== 'number' || Math.abs(seconds) > MAX_SECONDS) throw new MalformedProtobuf('a time is no time');
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
