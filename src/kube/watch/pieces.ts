/** Bytes that come in pieces, and the JSON in them. */
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { isRecord } from '../raw-json.ts';
import { Malformed } from './malformed.ts';

/** Parses bytes that are to be one JSON object. */
export function parsedObject(bytes: Buffer): KubeObject {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new Malformed('The answer holds JSON that does not parse.');
  }
  // Its fields are optional and read with care; only its being an object can be checked here.
  if (isRecord(value)) return value as KubeObject;
  throw new Malformed('The answer holds JSON that is no object.');
}

/** Bytes that come in pieces. */
export class Pieces {
  private pieces: Uint8Array[] = [];
  private readonly most: number;
  private readonly complaint: string;
  bytes = 0;

  constructor(most: number, complaint: string) {
    this.most = most;
    this.complaint = complaint;
  }

  add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.bytes += piece.length;
    if (this.bytes > this.most) throw new Malformed(this.complaint);
    this.pieces.push(piece);
  }

  /** All of it, without a copy where it came in one piece; then it is empty. */
  take(): Buffer {
    const whole = this.whole();
    this.pieces = [];
    this.bytes = 0;
    return whole;
  }

  /** The last `length` bytes, as Latin-1. */
  tail(length: number): string {
    const whole = this.whole();
    this.pieces = [whole];
    return whole.subarray(-length).toString('latin1');
  }

  private whole(): Buffer {
    const [first] = this.pieces;
    if (first === undefined) return Buffer.alloc(0);
    if (this.pieces.length > 1) return Buffer.concat(this.pieces);
    return Buffer.from(first.buffer, first.byteOffset, first.byteLength);
  }
}
