/** The little of DER (X.690) that a certificate needs. */
export type Der = Buffer;

/** One element: tag, length, and its content put together from parts. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Der {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOctets(content.length), content]);
}

export const sequence = (...parts: readonly Der[]): Der => element(0x30, ...parts);
export const set = (...parts: readonly Der[]): Der => element(0x31, ...parts);
export const octetString = (content: Uint8Array): Der => element(0x04, content);
export const utf8String = (text: string): Der => element(0x0c, Buffer.from(text, 'utf8'));
export const booleanTrue: Der = element(0x01, Buffer.from([0xff]));

/** A bit string whose last octet leaves `unusedBits` bits unused. */
export const bitString = (content: Uint8Array, unusedBits = 0): Der =>
  element(0x03, Buffer.from([unusedBits]), content);

/** A non-negative integer from its big-endian octets. */
export function integer(bigEndian: Uint8Array): Der {
  const negative = ((bigEndian[0] ?? 0) & 0x80) !== 0;
  return element(0x02, ...(negative ? [Buffer.from([0])] : []), bigEndian);
}

/** `explicit(3, x)` is `[3] EXPLICIT x`. */
export const explicit = (number: number, content: Der): Der => element(0xa0 + number, content);

/** An object identifier in dotted form. */
export function oid(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** A UTCTime, good until 2049. */
export function utcTime(at: Date): Der {
  const digits = at.toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return element(0x17, Buffer.from(`${digits}Z`, 'ascii'));
}

function lengthOctets(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Buffer.from([0x80 | octets.length, ...octets]);
}

function base128(value: number): number[] {
  const septets = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) septets.unshift((rest & 0x7f) | 0x80);
  return septets;
}
