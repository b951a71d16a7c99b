/** Bytes that arrive in chunks, for a reader that knows how many it needs next. */

/** Larger pieces are joined in a buffer of their own. */
const SCRATCH = 256 * 1024;

export class ByteQueue {
  private pieces: Uint8Array[] = [];
  private waiting = 0;
  private needed = 0;
  /** Where pieces are joined, again and again: a buffer for each chunk costs as much as reading it. */
  private scratch: Buffer | undefined;

  /** True once as many bytes are there as were asked for. */
  add(chunk: Uint8Array): boolean {
    this.pieces.push(chunk);
    this.waiting += chunk.length;
    return this.waiting >= this.needed;
  }

  /** All that is there, in one piece, which is good until the next is taken. */
  take(): Buffer {
    const [first] = this.pieces;
    const whole =
      this.pieces.length === 1 && first !== undefined
        ? Buffer.from(first.buffer, first.byteOffset, first.byteLength)
        : this.joined();
    this.pieces = [];
    this.waiting = 0;
    this.needed = 0;
    return whole;
  }

  private joined(): Buffer {
    const length = this.waiting;
    if (length > SCRATCH) return Buffer.concat(this.pieces);
    if (this.scratch === undefined || this.scratch.length < length) {
      this.scratch = Buffer.allocUnsafeSlow(Math.min(SCRATCH, 2 * length));
    }
    let at = 0;
    // The first is what was given back of the last join, and may lie further behind in the same buffer: `set` minds that.
    for (const piece of this.pieces) {
      this.scratch.set(piece, at);
      at += piece.length;
    }
    return this.scratch.subarray(0, length);
  }

  /** Gives back what could not be read yet; `needed` bytes in all before it is worth another look. */
  putBack(rest: Buffer, needed: number): void {
    if (rest.length > 0) this.pieces.push(rest);
    this.waiting = rest.length;
    this.needed = needed;
  }

  get empty(): boolean {
    return this.waiting === 0;
  }
}
