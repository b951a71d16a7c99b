import { createHmac, hkdfSync } from 'node:crypto';

/** What stands for a redacted value: 8 hex digits of a keyed hash, so that equality shows and neither value nor length do. */
export const WHOLE_MARKER = /^<redacted sha256:[0-9a-f]{8}>$/;
export const EVERY_MARKER = /<redacted sha256:[0-9a-f]{8}>/g;

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
