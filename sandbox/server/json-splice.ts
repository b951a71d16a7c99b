/** Cutting JSON bytes without parsing them. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const METADATA = Buffer.from('{"metadata":{');

/** The value of `metadata` where it is the first key, as `Body.json()` has it; undefined otherwise. */
export function metadataOf(json: Buffer): Buffer | undefined {
  if (METADATA.compare(json, 0, METADATA.length) !== 0) return undefined;
  const start = METADATA.length - 1;
  let depth = 0;
  for (let at = start; at < json.length; at++) {
    const byte = json[at];
    if (byte === QUOTE) at = endOfString(json, at);
    else if (byte === OPEN) depth++;
    else if (byte === CLOSE && --depth === 0) return json.subarray(start, at + 1);
  }
  return undefined;
}

/** Where the string that opens at `start` closes. */
function endOfString(json: Buffer, start: number): number {
  let at = start;
  for (;;) {
    at = json.indexOf(QUOTE, at + 1);
    if (at < 0) return json.length;
    let slashes = 0;
    while (json[at - 1 - slashes] === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at;
  }
}
