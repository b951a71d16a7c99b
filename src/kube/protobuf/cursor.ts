/** Protobuf's bytes, read from front to back. Nothing about their lengths is taken on trust. */
import { Malformed } from '../watch/malformed.ts';

export const VARINT = 0;
export const EIGHT_BYTES = 1;
export const DELIMITED = 2;
export const FOUR_BYTES = 5;

const TWO_28 = 2 ** 28;
const TWO_56 = 2 ** 56;

export interface Cursor {
  bytes: Buffer;
  at: number;
}

/** A varint that is no negative number: tags and lengths; beyond 2^53 it is not exact. */
export function unsigned(cursor: Cursor, end: number): number {
  const { bytes } = cursor;
  let { at } = cursor;
  // Most are tags and lengths of one byte.
  const first = bytes[at] ?? 128;
  if (first < 128 && at < end) {
    cursor.at = at + 1;
    return first;
  }
  let value = 0;
  let scale = 1;
  for (; at < end; scale *= 128) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 127) * scale;
    if (byte < 128) {
      cursor.at = at;
      return value;
    }
    if (scale > TWO_56) break;
  }
  throw cut();
}

/** An int32, int64 or bool: two's complement of 64 bits. */
export function signed(cursor: Cursor, end: number): number {
  const { bytes } = cursor;
  const first = bytes[cursor.at] ?? 128;
  if (first < 128 && cursor.at < end) {
    cursor.at++;
    return first;
  }
  let low = 0;
  let middle = 0;
  let high = 0;
  for (let index = 0; index < 10 && cursor.at < end; index++) {
    const byte = bytes[cursor.at++] ?? 0;
    const bits = byte & 127;
    if (index < 4) low |= bits << (7 * index);
    else if (index < 8) middle |= bits << (7 * (index - 4));
    else high |= bits << (7 * (index - 8));
    if (byte >= 128) continue;
    if ((high & 0x80) === 0) return low + middle * TWO_28 + high * TWO_56;
    return -((~low & 0xfffffff) + (~middle & 0xfffffff) * TWO_28 + (~high & 0xff) * TWO_56 + 1);
  }
  throw cut();
}

/** The end of a field with a length, of which `cursor` is at the length. */
export function delimited(cursor: Cursor, end: number): number {
  const length = unsigned(cursor, end);
  const close = cursor.at + length;
  if (close > end) throw cut();
  return close;
}

/** Passes over a field of this wire type. */
export function skip(cursor: Cursor, wireType: number, end: number): void {
  switch (wireType) {
    case VARINT:
      while ((cursor.bytes[cursor.at++] ?? 0) >= 128);
      break;
    case EIGHT_BYTES:
      cursor.at += 8;
      break;
    case DELIMITED:
      cursor.at = delimited(cursor, end);
      break;
    case FOUR_BYTES:
      cursor.at += 4;
      break;
    default:
      throw new Malformed('The protobuf answer holds a wire type that is not used.');
  }
  if (cursor.at > end) throw cut();
}

export function cut(): Malformed {
  return new Malformed('The protobuf answer holds a field that ends beyond what surrounds it.');
}

export function wrongType(): Malformed {
  return new Malformed('The protobuf answer holds a field of another type than its number says.');
}
