import { malformedDocument } from './request-problems.ts';

/** Bytes, decoded. Some 50 contexts with inline certificates. */
const MAX_REQUEST_KUBECONFIG = 256 * 1024;
/** Characters, encoded: four for three bytes, and room for line breaks. */
const MAX_ENCODED = MAX_REQUEST_KUBECONFIG * 1.5;

const STANDARD = /^[A-Za-z0-9+/]*$/;
const URL_SAFE = /^[A-Za-z0-9_-]*$/;

/** The text of a kubeconfig in base64, standard or URL-safe, padded or not, wrapped in any way. Throws `invalid_argument`. */
export function decodeRequestKubeconfig(encoded: string): string {
  checkEncodedLength(encoded);
  const packed = encoded.replace(/[ \t\r\n\f\v]+/g, '');
  if (packed === '') throw malformedDocument('is empty');
  const body = packed.replace(/={1,2}$/, '');
  const padded = body.length !== packed.length;
  const alphabet = STANDARD.test(body) || URL_SAFE.test(body);
  if (!alphabet || body.length % 4 === 1 || (padded && packed.length % 4 !== 0))
    throw malformedDocument('is not base64 (encode the file: `base64 -w 0`, on macOS `base64`)');
  const bytes = Buffer.from(body, 'base64');
  if (bytes.length > MAX_REQUEST_KUBECONFIG) throw tooLarge();
  return plainText(bytes);
}

/** Before anything else is done with it. */
export function checkEncodedLength(encoded: string): void {
  if (encoded.length > MAX_ENCODED) throw tooLarge();
}

function plainText(bytes: Uint8Array): string {
  const text = decoded(bytes);
  if (text === undefined) throw malformedDocument('is not UTF-8 text once decoded');
  // Line breaks that YAML 1.2 does not count, but other readers do, are in the set too.
  if (/[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]/.test(text.replace(/\r\n/g, '\n')))
    throw malformedDocument('holds control characters');
  return text;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function tooLarge() {
  return malformedDocument(
    `is larger than ${MAX_REQUEST_KUBECONFIG / 1024} KiB; keep only the context that is needed (--minify)`,
  );
}
