import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { CLOSED_PORT, closed, listening, pem } from '../../../test/support/scripted-api.ts';
import { cleanups, failure, ok, request, setup, transportTo } from '../../../test/support/transport-setup.ts';

describe('trust', () => {
  it('refuses a server of another authority, and says what to set', async () => {
    const { transport } = await setup(ok, {
      connection: { tls: { ca: async () => pem('other-ca'), insecureSkipVerify: false } },
    });
    const error = await failure(transport.text(request()));
    expect(error).toMatchObject({ code: 'cluster_tls' });
    expect(error.detail.remedy).toContain('certificate-authority-data');
  });

  it('refuses it by the system authorities as well, when the kubeconfig names none', async () => {
    const { transport } = await setup(ok, {
      connection: { tls: { ca: async () => undefined, insecureSkipVerify: false } },
    });
    expect(await failure(transport.text(request()))).toMatchObject({ code: 'cluster_tls' });
  });

  it('says that the server asks for a client certificate', async () => {
    const { transport } = await setup(ok, { rejectUnauthorized: true, requestCert: true });
    expect(await failure(transport.text(request()))).toMatchObject({ code: 'cluster_tls' });
  });

  it('accepts it when verification is off', async () => {
    const { transport } = await setup(ok, {
      connection: { tls: { ca: async () => undefined, insecureSkipVerify: true } },
    });
    expect(await transport.json(request())).toEqual({ ok: true });
  });

  it('checks the name in tls-server-name instead of the address', async () => {
    const { transport, api } = await setup(ok, {
      connection: { tls: { ca: async () => pem('ca'), serverName: 'other.example', insecureSkipVerify: false } },
    });
    expect(await failure(transport.text(request()))).toMatchObject({
      code: 'cluster_tls',
      message: expect.stringContaining('other host names'),
    });
    const byAddress = transportTo({ url: new URL(`https://127.0.0.1:${api.port}`) });
    expect(await byAddress.json(request())).toEqual({ ok: true });
  });
});

describe('what is not there', () => {
  it('a closed port is refused', async () => {
    const url = new URL(`https://localhost:${CLOSED_PORT}`);
    expect(await failure(transportTo({ url }).text(request()))).toMatchObject({
      code: 'cluster_unreachable',
      message: expect.stringContaining('refused the connection'),
    });
  });

  it('a server that accepts but never answers the handshake is given up', async () => {
    const server = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
    const sockets: Socket[] = [];
    await listening(server);
    cleanups.push(() => closed(server, sockets));
    const url = new URL(`https://localhost:${(server.address() as AddressInfo).port}`);
    const error = await failure(transportTo({ url }, {}, { timings: { connectTimeoutMs: 100 } }).text(request()));
    expect(error).toMatchObject({ code: 'cluster_unreachable' });
    expect(error.message).toContain('did not accept a connection within 0.1 s');
  });

  it('a server that never answers is let go when the transport closes, so that the process can end', async () => {
    const ended = Promise.withResolvers<void>();
    const connected = Promise.withResolvers<void>();
    const server = createServer((socket) => {
      socket.on('error', () => undefined).on('close', () => ended.resolve());
      connected.resolve();
      socket.resume();
    });
    await listening(server);
    cleanups.push(() => closed(server, []));
    const url = new URL(`https://localhost:${(server.address() as AddressInfo).port}`);
    const transport = transportTo({ url });
    const refused = failure(transport.text(request()));
    await connected.promise;
    await transport.close();
    await ended.promise;
    expect(await refused).toMatchObject({ code: 'cancelled' });
  });

  it('an unknown host is named', async () => {
    const error = await failure(transportTo({ url: new URL('https://no-such-host.invalid:6443') }).text(request()));
    expect(error.code).toBe('cluster_unreachable');
    expect(error.message).toContain('no-such-host.invalid:6443');
  });

  it('a port that does not speak TLS is told', async () => {
    const { api } = await setup(ok, { protocol: 'http' });
    const error = await failure(transportTo({ url: new URL(`https://localhost:${api.port}`) }).text(request()));
    expect(error).toMatchObject({ code: 'cluster_tls', message: expect.stringContaining('does not speak TLS') });
  });

  it('an answer that is not JSON is a bad answer', async () => {
    const { transport } = await setup((_req, res) => void res.end('<html>sign in</html>'));
    const error = await failure(transport.json(request()));
    expect(error).toMatchObject({ code: 'cluster_bad_answer' });
    expect(error.message).not.toContain('html');
  });

  it('a base path of the server address comes before the API path', async () => {
    const { api } = await setup((req, res) => void res.end(JSON.stringify(req.url)));
    const transport = transportTo({ url: new URL(`${api.url.origin}/k8s/clusters/c-1/`) });
    expect(await transport.json(request({ path: '/version' }))).toBe('/k8s/clusters/c-1/version');
  });
});
