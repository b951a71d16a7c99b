/** Protobuf written from its end to its start: the length of a message is known once what is in it has been written. */

const FIRST_BYTES = 16 * 1024;

/** 2^32: above, a varint's bits no longer fit the integer operators. */
const HIGH = 4_294_967_296;

export class BackwardWriter {
  private buffer = Buffer.allocUnsafe(FIRST_BYTES);
  private at = FIRST_BYTES;

  /** Bytes written so far. */
  get length(): number {
    return this.buffer.length - this.at;
  }

  /** What was written; the writer starts over. */
  take(): Buffer {
    const bytes = Buffer.from(this.buffer.subarray(this.at));
    this.at = this.buffer.length;
    return bytes;
  }

  bytes(value: Uint8Array): void {
    this.room(value.length);
    this.at -= value.length;
    this.buffer.set(value, this.at);
  }

  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.room(length);
    this.at -= length;
    this.buffer.write(value, this.at, length, 'utf8');
  }

  double(value: number): void {
    this.room(8);
    this.at -= 8;
    this.buffer.writeDoubleLE(value, this.at);
  }

  /** Negative numbers take ten bytes, as two's complement of 64 bits. */
  varint(value: number): void {
    if (value < 0 || value > Number.MAX_SAFE_INTEGER) {
      this.wide(BigInt.asUintN(64, BigInt(Math.trunc(value))));
      return;
    }
    let rest = Math.trunc(value);
    // Most are tags, lengths and small numbers of one byte.
    if (rest < 128) {
      this.room(1);
      this.buffer[--this.at] = rest;
      return;
    }
    let length = 1;
    for (let left = rest; left >= 128; left = Math.floor(left / 128)) length++;
    this.room(length);
    this.at -= length;
    let at = this.at;
    while (rest >= 128) {
      this.buffer[at++] = (rest % 128) | 128;
      rest = rest < HIGH ? rest >>> 7 : Math.floor(rest / 128);
    }
    this.buffer[at] = rest;
  }

  private wide(value: bigint): void {
    const parts: number[] = [];
    let rest = value;
    while (rest >= 128n) {
      parts.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    parts.push(Number(rest));
    this.bytes(Uint8Array.from(parts));
  }

  /** Wire types: 0 varint, 1 eight bytes, 2 with a length. */
  tag(number: number, wireType: 0 | 1 | 2): void {
    this.varint(number * 8 + wireType);
  }

  /** Closes what was written since `before` (a `length`) as field `number`. */
  close(number: number, before: number): void {
    this.varint(this.length - before);
    this.tag(number, 2);
  }

  private room(bytes: number): void {
    if (this.at >= bytes) return;
    const used = this.length;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, used + bytes));
    this.buffer.copy(grown, grown.length - used, this.at);
    this.at = grown.length - used;
    this.buffer = grown;
  }
}
