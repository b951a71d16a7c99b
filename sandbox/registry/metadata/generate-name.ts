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

/** A version 4 UUID. */
export function generateUid(random: () => number): string {
  const bytes = Array.from({ length: 16 }, () => Math.floor(random() * 256));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
