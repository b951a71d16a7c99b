/** Certificates of our own (RFC 5280), ECDSA on P-256: an authority, and what it signs. */
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

/** Whom a certificate speaks for. */
export interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

/** When a certificate is made, and for how long it holds; ms. */
export interface Validity {
  readonly now: number;
  readonly validMs: number;
}

interface Issue extends Validity {
  readonly subject: Subject;
  readonly usage: 'server' | 'client';
  /** DNS names and IPv4 addresses that a server is reached under. */
  readonly hosts?: readonly string[];
}

const HOUR_MS = 3_600_000;
const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const COMMON_NAME = oid('2.5.4.3');
const ORGANIZATION = oid('2.5.4.10');
const USAGES = { server: oid('1.3.6.1.5.5.7.3.1'), client: oid('1.3.6.1.5.5.7.3.2') };
// keyUsage bits (RFC 5280 §4.2.1.3), from the left: digitalSignature 0, keyCertSign 5, cRLSign 6.
const SIGNING = bitString(Buffer.from([0b1000_0000]), 7);
const CERT_SIGNING = bitString(Buffer.from([0b0000_0110]), 1);

/** A new self-signed authority. */
export function createAuthority(commonName: string, validity: Validity): Authority {
  const { publicKey, privateKey } = newKeyPair();
  const keyId = keyIdentifier(publicKey);
  const cert = mint({
    ...validity,
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

/** A certificate with a key of its own, signed by `authority`. */
export function issueCertificate(
  authority: Authority,
  { subject, usage, hosts = [], now, validMs }: Issue,
): Certificate {
  const { publicKey, privateKey } = newKeyPair();
  const cert = mint({
    now,
    validMs,
    subject,
    publicKey,
    issuer: authority,
    extensions: [
      extension('2.5.29.15', SIGNING, true),
      extension('2.5.29.37', sequence(USAGES[usage])),
      ...(hosts.length > 0 ? [extension('2.5.29.17', sequence(...hosts.map(alternativeName)))] : []),
      extension('2.5.29.35', sequence(element(0x80, authority.keyId))),
    ],
  });
  return { cert, key: pemKey(privateKey) };
}

interface Draft extends Validity {
  readonly subject: Subject;
  readonly publicKey: KeyObject;
  readonly issuer: Pick<Authority, 'commonName' | 'privateKey'>;
  readonly extensions: readonly Der[];
}

function mint({ now, validMs, subject, publicKey, issuer, extensions }: Draft): string {
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    ECDSA_WITH_SHA256,
    distinguishedName({ commonName: issuer.commonName }),
    // An hour back, for clocks that disagree.
    sequence(utcTime(new Date(now - HOUR_MS)), utcTime(new Date(now + validMs))),
    distinguishedName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, issuer.privateKey);
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

function alternativeName(host: string): Der {
  return isIPv4(host)
    ? element(0x87, Buffer.from(host.split('.').map(Number)))
    : element(0x82, Buffer.from(host, 'ascii'));
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

function pemKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function pem(label: string, der: Der): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
