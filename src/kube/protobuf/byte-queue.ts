/** Bytes that arrive in chunks, for a reader that knows how many it needs next. */

export class ByteQueue {
  private pieces: Uint8Array[] = [];
  private waiting = 0;
  private needed = 0;

  /** True once as many bytes are there as were asked for. */
  add(chunk: Uint8Array): boolean {
    this.pieces.push(chunk);
    this.waiting += chunk.length;
    return this.waiting >= this.needed;
  }

  /** All that is there, in one piece. */
  take(): Buffer {
    const [first] = this.pieces;
    const whole =
      this.pieces.length === 1 && first !== undefined
        ? Buffer.from(first.buffer, first.byteOffset, first.byteLength)
        : Buffer.concat(this.pieces);
    this.pieces = [];
    this.waiting = 0;
    this.needed = 0;
    return whole;
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
