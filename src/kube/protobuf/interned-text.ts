/**
 * Text out of bytes, where most short texts were met before: they are found by their bytes, without making them again. A table of one
 * place per hash, whose occupant gives way: bounded, and right whatever was forgotten.
 */

const PLACES = 16_384;
const MET = 32_768;
/** Bytes of a text that is kept. Longer ones are mostly told once. */
const LONGEST = 48;

export type TextReader = (bytes: Buffer, from: number, to: number) => string;

export function createTextReader(): TextReader {
  const texts: (string | undefined)[] = new Array(PLACES).fill(undefined);
  const lengths = new Uint8Array(PLACES);
  const kept = new Uint8Array(PLACES * LONGEST);
  /** Hashes that were met last: only what comes a second time is kept, as names, uids and versions never do. */
  const met = new Int32Array(MET);
  return (bytes, from, to) => {
    const length = to - from;
    if (length === 0) return '';
    if (length > LONGEST) return bytes.toString('utf8', from, to);
    let hash = length;
    for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
    hash ^= hash >>> 15;
    const place = hash & (PLACES - 1);
    const base = place * LONGEST;
    const known = texts[place];
    if (known !== undefined && lengths[place] === length) {
      let index = 0;
      while (index < length && kept[base + index] === bytes[from + index]) index++;
      if (index === length) return known;
    }
    const text = bytes.toString('utf8', from, to);
    const mark = hash & (MET - 1);
    if (met[mark] !== hash) {
      met[mark] = hash;
      return text;
    }
    texts[place] = text;
    lengths[place] = length;
    for (let index = 0; index < length; index++) kept[base + index] = bytes[from + index] ?? 0;
    return text;
  };
}
