/** The proxy's own authority, and the certificates that it may show: the right one and those that are wrong. */
import { type Certificate, createAuthority, issueCertificate } from '../../src/kernel/certificates/x509.ts';
import type { CertificateUse } from './plan.ts';

const DAY_MS = 24 * 3_600_000;
const YEAR_MS = 365 * DAY_MS;
const HOSTS = ['127.0.0.1', 'localhost'];

export interface Identities {
  /** PEM. */
  readonly ca: string;
  certificate(use: CertificateUse | 'good'): Certificate;
}

export function createIdentities(): Identities {
  const now = Date.now();
  // Old enough that it already stood when the certificate that expired was made.
  const validity = { now: now - YEAR_MS, validMs: 11 * YEAR_MS };
  const authority = createAuthority('fault-proxy-ca', validity);
  const subject = { commonName: 'fault-proxy' };
  const issue = (signer: typeof authority, hosts: readonly string[], from: number, validMs: number) =>
    issueCertificate(signer, { subject, usage: 'server', hosts, now: from, validMs });
  const makers: Record<CertificateUse | 'good', () => Certificate> = {
    good: () => issue(authority, HOSTS, now, YEAR_MS),
    expired: () => issue(authority, HOSTS, now - 30 * DAY_MS, 29 * DAY_MS),
    'wrong-name': () => issue(authority, ['elsewhere.example'], now, YEAR_MS),
    'other-authority': () => issue(createAuthority('fault-proxy-other-ca', validity), HOSTS, now, YEAR_MS),
  };
  const made = new Map<CertificateUse | 'good', Certificate>();
  return {
    ca: authority.cert,
    certificate(use) {
      const certificate = made.get(use) ?? makers[use]();
      made.set(use, certificate);
      return certificate;
    },
  };
}
