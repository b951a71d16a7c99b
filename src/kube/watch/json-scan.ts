/** Brackets and texts of JSON that arrives in chunks. These loops see every byte of it: they do little else. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
export const OPEN_LIST = 0x5b;
export const CLOSE_LIST = 0x5d;
export const OPEN = 0x7b;
const CLOSE = 0x7d;

export class JsonScan {
  /** Where the last text before the bracket that `next` found lies, without its quotes; -1 where it is not all in this chunk. */
  textFrom = -1;
  textTo = -1;
  /** Brackets that `pass` has still to see closed. */
  open = 0;
  #inText = false;
  #escaped = false;

  /** Index of the next bracket at or after `from`, or the length. */
  next(chunk: Uint8Array, from: number): number {
    const { length } = chunk;
    let at = this.#inText ? this.#endOfText(chunk, from) : from;
    this.textFrom = -1;
    while (at < length) {
      const byte = chunk[at++] ?? 0;
      if (byte === QUOTE) {
        this.textFrom = at;
        at = this.#endOfText(chunk, at);
        this.textTo = at - 1;
      } else if (byte >= OPEN_LIST && isBracket(byte)) return at - 1;
    }
    return length;
  }

  /** Index of the bracket that closes the last one of those that are open, or the length. */
  pass(chunk: Uint8Array, from: number): number {
    const { length } = chunk;
    let at = this.#inText ? this.#endOfText(chunk, from) : from;
    let { open } = this;
    while (at < length) {
      const byte = chunk[at++] ?? 0;
      if (byte === QUOTE) at = this.#endOfText(chunk, at);
      else if (byte >= OPEN_LIST && isBracket(byte)) {
        if (byte === OPEN || byte === OPEN_LIST) open++;
        else if (--open === 0) {
          this.open = 0;
          return at - 1;
        }
      }
    }
    this.open = open;
    return length;
  }

  /** Behind the quote that ends the text in which `from` lies, or the length. */
  #endOfText(chunk: Uint8Array, from: number): number {
    const { length } = chunk;
    let at = from;
    if (this.#escaped && at < length) {
      this.#escaped = false;
      at++;
    }
    while (at < length) {
      const byte = chunk[at++] ?? 0;
      if (byte === QUOTE) {
        this.#inText = false;
        return at;
      }
      if (byte === BACKSLASH) at++;
    }
    this.#inText = true;
    this.#escaped = at > length;
    return length;
  }
}

/** Every bracket is above the opening of a list, and little else that stands outside texts. */
function isBracket(byte: number): boolean {
  return byte === OPEN || byte === CLOSE || byte === OPEN_LIST || byte === CLOSE_LIST;
}
