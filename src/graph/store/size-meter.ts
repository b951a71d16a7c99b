/** Small integers lie in their slot; other numbers in a box. */
const MAX_SMALL = 2 ** 31;
const MAX_DEPTH = 12;

/** Bytes of plain data in V8 (64 bit, no pointer compression). What it has met before counts no more: equal texts too, for they are interned. */
export class SizeMeter {
  readonly #met = new Set<unknown>();

  bytes(value: unknown, depth = 0): number {
    if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < MAX_SMALL ? 0 : 16;
    if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) return 0;
    if (value === '' || depth > MAX_DEPTH || this.#met.has(value)) return 0;
    this.#met.add(value);
    if (typeof value === 'string') return textBytes(value);
    const parts = Array.isArray(value) ? value : Object.values(value);
    let bytes = Array.isArray(value) ? 48 + parts.length * 8 : 24 + Math.max(parts.length, 4) * 8;
    for (const part of parts) bytes += this.bytes(part, depth + 1);
    return bytes;
  }
}

/** One byte a character as a rule, in words of eight after a head of two. */
export function textBytes(text: string): number {
  return 16 + Math.ceil(text.length / 8) * 8;
}
