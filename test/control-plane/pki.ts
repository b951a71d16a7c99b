import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';
import {
  bitString,
  booleanTrue,
  type Der,
  element,
  explicit,
  integer,
  octetString,
  oid,
  sequence,
  set,
  utcTime,
  utf8String,
} from './der.ts';

/** A certificate and its private key, both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority that can sign further certificates. */
export interface Authority extends Certificate {
  readonly commonName: string;
  readonly privateKey: KeyObject;
  readonly keyId: Buffer;
}

/** Who a certificate speaks for: the API server reads `commonName` as the user and `organizations` as the groups. */
export interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

const HOUR_MS = 3_600_000;
/** Long enough for an instance somebody keeps up for months. */
const VALID_MS = 2 * 365 * 24 * HOUR_MS;

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const COMMON_NAME = oid('2.5.4.3');
const ORGANIZATION = oid('2.5.4.10');
const SERVER_AUTH = oid('1.3.6.1.5.5.7.3.1');
const CLIENT_AUTH = oid('1.3.6.1.5.5.7.3.2');
// keyUsage bits (RFC 5280 §4.2.1.3), from the left: digitalSignature 0, keyCertSign 5, cRLSign 6.
const SIGNING = bitString(Buffer.from([0b1000_0000]), 7);
const CERT_SIGNING = bitString(Buffer.from([0b0000_0110]), 1);

/** A new self-signed authority. */
export function createAuthority(commonName: string): Authority {
  const { publicKey, privateKey } = newKeyPair();
  const keyId = keyIdentifier(publicKey);
  const cert = mint({
    subject: { commonName },
    publicKey,
    issuer: { commonName, privateKey },
    extensions: [
      extension('2.5.29.19', sequence(booleanTrue), true),
      extension('2.5.29.15', CERT_SIGNING, true),
      extension('2.5.29.14', octetString(keyId)),
    ],
  });
  return { cert, key: pemKey(privateKey), commonName, privateKey, keyId };
}

/** A certificate for a server reached under these DNS names and IPv4 addresses. */
export function issueServer(authority: Authority, commonName: string, hosts: readonly string[]): Certificate {
  const names = hosts.map((host) =>
    isIPv4(host) ? element(0x87, Buffer.from(host.split('.').map(Number))) : element(0x82, Buffer.from(host, 'ascii')),
  );
  return issue(authority, { commonName }, [usage(SERVER_AUTH), extension('2.5.29.17', sequence(...names))]);
}

/** A certificate with which a client signs in. */
export function issueClient(authority: Authority, subject: Subject): Certificate {
  return issue(authority, subject, [usage(CLIENT_AUTH)]);
}

/** A key pair for signing service account tokens, PEM. */
export function createSigningKey(): { readonly publicKey: string; readonly privateKey: string } {
  const { publicKey, privateKey } = newKeyPair();
  return { publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(), privateKey: pemKey(privateKey) };
}

function issue(authority: Authority, subject: Subject, extensions: readonly Der[]): Certificate {
  const { publicKey, privateKey } = newKeyPair();
  const cert = mint({
    subject,
    publicKey,
    issuer: authority,
    extensions: [
      extension('2.5.29.15', SIGNING, true),
      ...extensions,
      extension('2.5.29.35', sequence(element(0x80, authority.keyId))),
    ],
  });
  return { cert, key: pemKey(privateKey) };
}

interface Draft {
  readonly subject: Subject;
  readonly publicKey: KeyObject;
  readonly issuer: Pick<Authority, 'commonName' | 'privateKey'>;
  readonly extensions: readonly Der[];
}

function mint(draft: Draft): string {
  const now = Date.now();
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    ECDSA_WITH_SHA256,
    distinguishedName({ commonName: draft.issuer.commonName }),
    // An hour back, for clocks that disagree.
    sequence(utcTime(new Date(now - HOUR_MS)), utcTime(new Date(now + VALID_MS))),
    distinguishedName(draft.subject),
    draft.publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...draft.extensions)),
  );
  const signature = sign('sha256', body, draft.issuer.privateKey);
  return pem('CERTIFICATE', sequence(body, ECDSA_WITH_SHA256, bitString(signature)));
}

function newKeyPair(): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

/** 16 random octets that neither start with a zero octet nor read as negative, as DER wants. */
function serialNumber(): Buffer {
  const octets = randomBytes(16);
  octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40;
  return octets;
}

function keyIdentifier(publicKey: KeyObject): Buffer {
  return createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
}

function distinguishedName(subject: Subject): Der {
  const attributes: readonly (readonly [Der, string])[] = [
    ...(subject.organizations ?? []).map((name) => [ORGANIZATION, name] as const),
    [COMMON_NAME, subject.commonName],
  ];
  return sequence(...attributes.map(([type, value]) => set(sequence(type, utf8String(value)))));
}

function extension(id: string, value: Der, critical = false): Der {
  return sequence(oid(id), ...(critical ? [booleanTrue] : []), octetString(value));
}

function usage(purpose: Der): Der {
  return extension('2.5.29.37', sequence(purpose));
}

function pemKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function pem(label: string, der: Der): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
