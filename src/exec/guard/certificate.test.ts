import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createIdentities } from './certificate.ts';

const DAY = 24 * 3_600_000;
const START = Date.UTC(2026, 0, 1);

function identities() {
  const clock = { at: START, now: () => clock.at };
  const changes: string[] = [];
  return { clock, changes, identity: createIdentities(clock, ({ cert }) => changes.push(cert)) };
}

const authorities = (pem: string) => pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
const trusts = (ca: string, cert: string) =>
  authorities(ca).some((one) => new X509Certificate(cert).verify(new X509Certificate(one).publicKey));

describe('the identity of the listener', () => {
  it('is a server certificate for 127.0.0.1 alone, signed by an authority that holds for 30 days', () => {
    const { ca, server } = identities().identity();
    const authority = new X509Certificate(ca);
    const certificate = new X509Certificate(server.cert);
    expect(authority.ca).toBe(true);
    expect(authority.validToDate.getTime()).toBe(START + 30 * DAY);
    expect(certificate.validToDate.getTime()).toBe(START + 30 * DAY);
    expect(certificate.ca).toBe(false);
    expect(certificate.subjectAltName).toBe('IP Address:127.0.0.1');
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(certificate.checkIssued(authority)).toBe(true);
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(server.key))).toBe(true);
  });

  it('differs from run to run', () => {
    const one = identities().identity();
    expect(trusts(one.ca, identities().identity().server.cert)).toBe(false);
  });

  it('is replaced before it expires, and whoever was admitted in time trusts its successor', () => {
    const { clock, changes, identity } = identities();
    const first = identity();
    clock.at = START + 21 * DAY;
    const announced = identity();
    expect(announced.server).toEqual(first.server);
    expect(authorities(announced.ca)).toHaveLength(2);
    expect(changes).toEqual([]);
    clock.at = START + 29.5 * DAY;
    const second = identity();
    expect(changes).toEqual([second.server.cert]);
    expect(second.server.cert).not.toBe(first.server.cert);
    expect(trusts(announced.ca, second.server.cert)).toBe(true);
    expect(trusts(second.ca, second.server.cert)).toBe(true);
    expect(identity()).toEqual(second);
  });

  it('is good at once after a long pause', () => {
    const { clock, identity } = identities();
    clock.at = START + 400 * DAY;
    const { ca, server } = identity();
    expect(trusts(ca, server.cert)).toBe(true);
    expect(new X509Certificate(server.cert).validToDate.getTime()).toBe(START + 430 * DAY);
  });
});
