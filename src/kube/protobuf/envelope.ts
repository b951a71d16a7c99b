/** What Kubernetes puts around a protobuf message: `k8s\0`, then runtime.Unknown with the kind and the bytes. */
import { CutOff, Malformed } from '../watch/malformed.ts';
import { type Cursor, DELIMITED, delimited, skip, unsigned } from './cursor.ts';

/** `k8s\0`, read as one number. */
export const MAGIC = 0x6b_38_73_00;
export const MAGIC_BYTES = 4;
/** Fields of runtime.Unknown. */
export const TYPE_META = 1;
export const RAW = 2;
export const CONTENT_ENCODING = 3;

/** `kind` ''  where it does not say. The message lies from `cursor.at` to `end`. */
export interface Opened {
  kind: string;
  cursor: Cursor;
  end: number;
}

/** Opens bytes that hold a whole envelope and nothing else. */
export function openEnvelope(bytes: Buffer, from: number, end: number): Opened {
  const cursor: Cursor = { bytes, at: from };
  checkMagic(bytes, from, end);
  cursor.at += MAGIC_BYTES;
  const opened: Opened = { kind: '', cursor: { bytes, at: end }, end };
  while (cursor.at < end) {
    const tag = unsigned(cursor, end);
    if ((tag & 7) !== DELIMITED) {
      skip(cursor, tag & 7, end);
      continue;
    }
    const to = delimited(cursor, end);
    const number = Math.floor(tag / 8);
    if (number === TYPE_META) opened.kind = kindOf(bytes, cursor.at, to);
    else if (number === RAW) {
      opened.cursor.at = cursor.at;
      opened.end = to;
    } else if (number === CONTENT_ENCODING) checkEncoding(cursor.at, to);
    cursor.at = to;
  }
  return opened;
}

export function checkMagic(bytes: Buffer, from: number, end: number): void {
  if (end - from < MAGIC_BYTES) throw new CutOff('The protobuf answer ended within its first bytes.');
  if (bytes.readUInt32BE(from) !== MAGIC) throw new Malformed('The answer is not protobuf of Kubernetes.');
}

/** Nothing is ever packed within; what would be could not be read. */
export function checkEncoding(from: number, to: number): void {
  if (to > from) throw new Malformed('The protobuf answer holds a message in an encoding of its own.');
}

/** Field 2 of a TypeMeta. */
export function kindOf(bytes: Buffer, from: number, end: number): string {
  const cursor: Cursor = { bytes, at: from };
  while (cursor.at < end) {
    const tag = unsigned(cursor, end);
    if (tag !== 2 * 8 + DELIMITED) {
      skip(cursor, tag & 7, end);
      continue;
    }
    const to = delimited(cursor, end);
    return bytes.toString('utf8', cursor.at, Math.min(to, cursor.at + 200));
  }
  return '';
}
