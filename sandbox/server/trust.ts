/** The sandbox's own authority, its server certificate and client certificates: good for this start only. */
import {
  type Certificate,
  createAuthority,
  issueCertificate,
  type Subject,
} from '../../src/kernel/certificates/x509.ts';
import type { Trust } from './ports.ts';

/** Ten years: a sandbox may stand long, and virtual time may run ahead of the wall clock. */
const VALID_MS = 10 * 365 * 24 * 3_600_000;

/** `now` is wall-clock ms: it is clients that check the dates. */
export function createTrust(now: number, hosts: readonly string[] = ['127.0.0.1', 'localhost']): Trust {
  const validity = { now, validMs: VALID_MS };
  const authority = createAuthority('k8s-mcp-sandbox-ca', validity);
  const subject = { commonName: 'k8s-mcp-sandbox' };
  const names = [...new Set([...hosts, 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'])];
  return { authority, server: issueCertificate(authority, { subject, usage: 'server', hosts: names, ...validity }) };
}

/** A certificate for a user: CN is the name, O are the groups. */
export function issueClientCertificate(trust: Trust, subject: Subject, now: number): Certificate {
  return issueCertificate(trust.authority, { subject, usage: 'client', now, validMs: VALID_MS });
}
