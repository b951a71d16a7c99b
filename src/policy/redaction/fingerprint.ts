import { createHmac, hkdfSync } from 'node:crypto';

/** What stands for a redacted value: 8 hex digits of a keyed hash, so that equality shows and neither value nor length do. */
export const WHOLE_MARKER = /^<redacted sha256:[0-9a-f]{8}>$/;
export const EVERY_MARKER = /<redacted sha256:[0-9a-f]{8}>/g;

/** Base64 of a marker, as Secret data holds it for clients that decode: 26 bytes in 36 characters, of which 22 are the same in all. */
const ENCODED_HEAD = 'PHJlZGFjdGVkIHNoYTI1Nj';
const ENCODED_MARKER = new RegExp(`${ENCODED_HEAD}[A-Za-z0-9+/]{13}=`, 'g');
/** Go's JSON escapes what would be a tag in HTML. */
const ESCAPED_HEAD = '\\u003credacted sha256:';
const ESCAPED_MARKER = /\\u003c(redacted sha256:[0-9a-f]{8})\\u003e/g;
/** Of both. */
const ENCODED_LENGTH = 36;

/** True for a marker, plain or base64: it stands for a value and is none. */
export function isMarker(text: string): boolean {
  if (WHOLE_MARKER.test(text)) return true;
  return text.length === ENCODED_LENGTH && text.startsWith(ENCODED_HEAD) && plainMarkers(text) !== text;
}

/** `text` with each base64 or escaped marker written out. */
export function plainMarkers(text: string): string {
  const unescaped = text.includes(ESCAPED_HEAD) ? text.replace(ESCAPED_MARKER, '<$1>') : text;
  if (!unescaped.includes(ENCODED_HEAD)) return unescaped;
  return unescaped.replace(ENCODED_MARKER, (encoded) => {
    const plain = Buffer.from(encoded, 'base64').toString('latin1');
    return WHOLE_MARKER.test(plain) ? plain : encoded;
  });
}

/** The smallest index from which `text` could be the beginning of a base64 or escaped marker that goes on after it. */
export function encodedMarkerFrom(text: string): number {
  for (let i = Math.max(0, text.length - ENCODED_LENGTH + 1); i < text.length; i++) {
    const tail = text.slice(i);
    if (begins(tail, ENCODED_HEAD) || begins(tail, ESCAPED_HEAD)) return i;
  }
  return text.length;
}

function begins(tail: string, head: string): boolean {
  return tail.length < head.length ? head.startsWith(tail) : tail.startsWith(head);
}

/** The marker of `value`. Text counts as its UTF-8 bytes, so a value is equal in `data`, `stringData` and `env`. */
export function markerOf(key: Uint8Array, value: string | Uint8Array): string {
  return `<redacted sha256:${createHmac('sha256', key).update(value).digest('hex').slice(0, 8)}>`;
}

/** A key per cluster and principal: fingerprints cannot be compared between those who may not see the same things. */
export function deriveRedactionKey(installKey: Uint8Array, clusterId: string, principalId: string): Uint8Array {
  // The length keeps ('a', 'bc') and ('ab', 'c') apart.
  const info = `k8s-mcp redaction\n${clusterId.length}\n${clusterId}\n${principalId}`;
  // HKDF takes at most 1024 bytes of info; longer identities are hashed by a first step.
  const bounded = Buffer.byteLength(info) <= 1000 ? info : createHmac('sha256', installKey).update(info).digest();
  return new Uint8Array(hkdfSync('sha256', installKey, 'k8s-mcp', bounded, 32));
}

/** The bytes of canonical or unpadded base64 (standard alphabet, line breaks allowed), or undefined. */
export function decodeBase64(text: string): Buffer | undefined {
  const compact = /[\r\n]/.test(text) ? text.replace(/[\r\n]/g, '') : text;
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact) || compact.replace(/=+$/, '').length % 4 === 1) return undefined;
  return Buffer.from(compact, 'base64');
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}
