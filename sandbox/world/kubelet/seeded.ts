/** Values that look random and are always the same for the same text: digests, ids, jitter. */
import { createHash } from 'node:crypto';

/** 64 hexadecimal digits. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** FNV-1a with a final mix, 32 bits: cheap, and even enough to choose by. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** [0, 1). */
export const fraction = (text: string): number => hash(text) / 2 ** 32;

/** One of `choices`; they are never empty. */
export const pick = <T>(choices: readonly [T, ...T[]], text: string): T =>
  choices[hash(text) % choices.length] ?? choices[0];
