/** Texts of a fixed width made from numbers: what differs between the objects of one template. */

/** The letters of generated names, as in apimachinery's `rand.String`. */
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIXES = LETTERS.length ** 5;
/** No multiple of 3, so that each of so many numbers in a row has a suffix of its own; exact up to a billion of them. */
const SPREAD = 6_700_417;

/** murmur3's finalizer: one to one, and every bit depends on every other. */
export function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** 32 bits that depend on all of the numbers. */
export function draw(...numbers: readonly number[]): number {
  let state = 0x9e3779b9;
  for (const number of numbers) state = mix(state ^ Math.imul(number | 0, 0x27d4eb2f)) + 0x165667b1;
  return mix(state);
}

/** Five letters, as names end in that end by chance. */
export function suffixText(serial: number): string {
  return lettersOf((serial * SPREAD) % SUFFIXES, 5);
}

export function lettersOf(number: number, length: number): string {
  let rest = number;
  let text = '';
  for (let at = 0; at < length; at++) {
    text += LETTERS[rest % LETTERS.length];
    rest = Math.floor(rest / LETTERS.length);
  }
  return text;
}

const DIGITS = Buffer.from('0123456789abcdef');

/** Texts are cut from it in one piece; joined ones would keep their parts. */
const scratch = Buffer.alloc(64);

function putWord(word: number, at: number): void {
  for (let digit = 0; digit < 8; digit++) scratch[at + digit] = DIGITS[(word >>> (28 - 4 * digit)) & 15] ?? 0;
}

/** Eight hexadecimal digits. */
export function hexWord(word: number): string {
  putWord(word, 0);
  return scratch.toString('latin1', 0, 8);
}

const DASH = 0x2d;

/** A version 4 UUID; other serials of one seed have others. */
export function uidText(seed: number, serial: number): string {
  const first = mix(serial ^ seed ^ 0x3c6ef372);
  putWord(first, 0);
  putWord(mix(first ^ 0x5bd1e995), 9);
  putWord(mix(first ^ 0x1b873593), 15);
  putWord(mix(first ^ 0x2c1b3c6d), 24);
  putWord(mix(first ^ 0x297a2d39), 28);
  scratch[8] = DASH;
  scratch[13] = DASH;
  // Version 4, variant 1.
  scratch[14] = 0x34;
  scratch[18] = DASH;
  scratch[19] = 0x61;
  scratch[23] = DASH;
  return scratch.toString('latin1', 0, 36);
}

/** 64 hexadecimal digits, as of a container. */
export function longHex(seed: number, serial: number, salt: number): string {
  const first = draw(seed, serial, salt);
  for (let word = 0; word < 8; word++) putWord(mix(first ^ Math.imul(word + 1, 0x9e3779b1)), word * 8);
  return scratch.toString('latin1', 0, 64);
}

export const nodeName = (index: number) => `node-${String(index).padStart(5, '0')}`;

const ZONES = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'] as const;

export const REGION = 'eu-central-1';

export const zoneOf = (node: number): string => ZONES[node % ZONES.length] ?? ZONES[0];

/** 10.1xx.1xx.1xx: a million pods. */
export function podAddress(slot: number): string {
  const number = (slot * 7_919 + 424_242) % 1_000_000;
  return `10.${100 + Math.floor(number / 10_000)}.${100 + (Math.floor(number / 100) % 100)}.${100 + (number % 100)}`;
}

/** 172.20.1xx.1xx: ten thousand nodes. */
export const hostAddress = (node: number) => `172.20.${100 + (Math.floor(node / 100) % 100)}.${100 + (node % 100)}`;

const DAY = 86_400;
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
const days = new Map<number, string>();
/** A world is a year old at most. */
const DAYS_KEPT = 1_000;

/** RFC 3339 of seconds since the epoch. */
export function timeText(seconds: number): string {
  const day = Math.floor(seconds / DAY);
  let text = days.get(day);
  if (text === undefined) {
    text = new Date(day * DAY * 1000).toISOString().slice(0, 11);
    if (days.size >= DAYS_KEPT) days.clear();
    days.set(day, text);
  }
  const rest = seconds - day * DAY;
  const hours = TWO_DIGITS[Math.floor(rest / 3600)] ?? '';
  const minutes = TWO_DIGITS[Math.floor(rest / 60) % 60] ?? '';
  return `${text}${hours}:${minutes}:${TWO_DIGITS[rest % 60] ?? ''}Z`;
}
