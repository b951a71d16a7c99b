import { generateKeyPairSync } from 'node:crypto';
import {
  type Authority,
  type Certificate,
  createAuthority as createAuthorityFor,
  issueCertificate,
  type Subject,
} from '../../src/kernel/certificates/x509.ts';

export type { Authority, Certificate };

/** Long enough for an instance somebody keeps up for months. */
const VALID_MS = 2 * 365 * 24 * 3_600_000;
const validity = () => ({ now: Date.now(), validMs: VALID_MS });

/** A new self-signed authority. */
export function createAuthority(commonName: string): Authority {
  return createAuthorityFor(commonName, validity());
}

/** A certificate for a server reached under these DNS names and IPv4 addresses. */
export function issueServer(authority: Authority, commonName: string, hosts: readonly string[]): Certificate {
  return issueCertificate(authority, { subject: { commonName }, usage: 'server', hosts, ...validity() });
}

/** A certificate with which a client signs in: the API server reads `commonName` as the user and `organizations` as the groups. */
export function issueClient(authority: Authority, subject: Subject): Certificate {
  return issueCertificate(authority, { subject, usage: 'client', ...validity() });
}

/** A key pair for signing service account tokens, PEM. */
export function createSigningKey(): { readonly publicKey: string; readonly privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
