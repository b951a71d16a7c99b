/** Lines, bounded output and the order of text. */

/** Thrown by `Out` when it is full: the stage ends there. */
export class OutputFull extends Error {}

/** What a stage has written so far, at most `limit` UTF-16 units. */
export class Out {
  readonly limit: number;
  #parts: string[] = [];
  #size = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  write(text: string): void {
    if (this.#size + text.length > this.limit) {
      this.#parts.push(text.slice(0, this.limit - this.#size));
      this.#size = this.limit;
      throw new OutputFull();
    }
    this.#size += text.length;
    this.#parts.push(text);
  }

  text(): string {
    return this.#parts.join('');
  }
}

/** Calls `visit` for each line, without its newline; false ends. `ended` is false for a last line that has none. */
export function eachLine(text: string, visit: (line: string, ended: boolean) => boolean | undefined): void {
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    if (end === -1) {
      visit(text.slice(start), false);
      return;
    }
    if (visit(text.slice(start, end), true) === false) return;
    start = end + 1;
  }
}

/** All lines without newlines; a missing one at the end makes no difference. */
export function linesOf(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

/** Order by code point, which is that of the bytes of UTF-8 and of the locale C.UTF-8. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others, but come before U+E000 as UTF-16 units. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

const encoder = new TextEncoder();

export function toBytes(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Bytes that are no UTF-8 become U+FFFD, as they do in an answer. */
export function fromBytes(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
