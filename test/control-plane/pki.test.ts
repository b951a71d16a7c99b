import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type TLSSocket, connect as tlsConnect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { oid } from '../../src/kernel/certificates/der.ts';
import { createAuthority, createSigningKey, issueClient, issueServer } from './pki.ts';

describe('certificates', () => {
  const authority = createAuthority('test-ca');

  it('an authority is self-signed and may sign', () => {
    const ca = new X509Certificate(authority.cert);
    expect(ca.ca).toBe(true);
    expect(ca.subject).toBe('CN=test-ca');
    expect(ca.verify(ca.publicKey)).toBe(true);
  });

  it('a server certificate carries its names and is signed by the authority', () => {
    const server = issueServer(authority, 'kube-apiserver', ['localhost', 'kubernetes.default.svc', '127.0.0.1']);
    const cert = new X509Certificate(server.cert);
    expect(cert.ca).toBe(false);
    expect(cert.subjectAltName).toBe('DNS:localhost, DNS:kubernetes.default.svc, IP Address:127.0.0.1');
    expect(cert.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(cert.checkIssued(new X509Certificate(authority.cert))).toBe(true);
    expect(cert.verify(new X509Certificate(authority.cert).publicKey)).toBe(true);
    expect(cert.checkPrivateKey(createPrivateKey(server.key))).toBe(true);
  });

  it('a client certificate names the user and every group', () => {
    const client = issueClient(authority, { commonName: 'admin', organizations: ['system:masters', 'ops'] });
    const cert = new X509Certificate(client.cert);
    expect(cert.subject).toBe('O=system:masters\nO=ops\nCN=admin');
    expect(cert.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  });

  it('another authority does not vouch for it', () => {
    const stranger = new X509Certificate(createAuthority('test-ca').cert);
    const cert = new X509Certificate(issueClient(authority, { commonName: 'x' }).cert);
    expect(cert.verify(stranger.publicKey)).toBe(false);
  });

  it('both sides of a TLS connection accept them', async () => {
    const identity = issueServer(authority, 'server', ['127.0.0.1']);
    const client = issueClient(authority, { commonName: 'viewer' });
    const server = createServer({ ...identity, ca: authority.cert, requestCert: true, rejectUnauthorized: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const socket = tlsConnect({ host: '127.0.0.1', port: address.port, ca: authority.cert, ...client });
    const [peer] = (await once(server, 'secureConnection')) as [TLSSocket];
    expect(peer.getPeerCertificate().subject.CN).toBe('viewer');
    socket.destroy();
    server.close();
  });

  it('a signing key is a matching pair', () => {
    const pair = createSigningKey();
    expect(pair.publicKey).toMatch(/^-----BEGIN PUBLIC KEY-----/);
    expect(pair.privateKey).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  });
});

describe('object identifiers', () => {
  it('encode arcs above 127 in base 128', () => {
    expect(oid('1.2.840.10045.4.3.2').toString('hex')).toBe('06082a8648ce3d040302');
  });
});
