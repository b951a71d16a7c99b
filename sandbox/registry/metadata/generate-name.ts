/** Names that the server makes up, as apimachinery's `rand.String` spells them. */

/** Without vowels and what looks alike, so that no words come out. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const RANDOM_LENGTH = 5;
const MAX_LENGTH = 63;

/** `random`: [0, 1). */
export function randomSuffix(random: () => number, length = RANDOM_LENGTH): string {
  let text = '';
  while (text.length < length) text += ALPHABET[Math.floor(random() * ALPHABET.length)] ?? '';
  return text;
}

/** `base` and five characters, at most 63 in all. */
export function generateName(base: string, random: () => number): string {
  return base.slice(0, MAX_LENGTH - RANDOM_LENGTH) + randomSuffix(random);
}

/** Bytes of a UUID that begin its groups but the first. */
const DASHES_BEFORE: ReadonlySet<number> = new Set([4, 6, 8, 10]);

/** A version 4 UUID. */
export function generateUid(random: () => number): string {
  let text = '';
  for (let at = 0; at < 16; at++) {
    let byte = Math.floor(random() * 256);
    if (at === 6) byte = (byte & 0x0f) | 0x40;
    if (at === 8) byte = (byte & 0x3f) | 0x80;
    if (DASHES_BEFORE.has(at)) text += '-';
    text += (byte + 0x100).toString(16).slice(1);
  }
  return text;
}
