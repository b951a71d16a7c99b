import type { Http2ServerRequest } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { credentialsOf, type Protocol, pem } from '../../../test/support/scripted-api.ts';
import { failure, ok, request, setup } from '../../../test/support/transport-setup.ts';
import type { Credentials } from '../connection.ts';

describe.each<Protocol>(['h2', 'https1', 'http'])('over %s', (protocol) => {
  it('sends a request with its headers and body and reads the answer', async () => {
    const { transport } = await setup(
      async (req, res) => {
        const body: Buffer[] = [];
        for await (const chunk of req) body.push(chunk as Buffer);
        res.end(
          JSON.stringify({
            method: req.method,
            url: req.url,
            version: req.httpVersion,
            body: Buffer.concat(body).toString(),
            authorization: req.headers.authorization,
            agent: req.headers['user-agent'],
            encoding: req.headers['accept-encoding'],
            user: req.headers['impersonate-user'],
            groups: req.headers['impersonate-group'],
            extra: req.headers['impersonate-extra-example.com%2fscope'],
          }),
        );
      },
      {
        protocol,
        connection: {
          impersonate: { user: 'jane', groups: ['a', 'b'], extra: { 'example.com/Scope': ['x'] } },
        },
      },
    );
    expect(
      await transport.json(request({ method: 'POST', path: '/api/v1/namespaces?dryRun=All', body: '{"ü":1}' })),
    ).toEqual({
      method: 'POST',
      url: '/api/v1/namespaces?dryRun=All',
      version: protocol === 'h2' ? '2.0' : '1.1',
      body: '{"ü":1}',
      authorization: 'Bearer first',
      agent: 'k8s-mcp/test',
      encoding: 'identity',
      user: 'jane',
      groups: 'a, b',
      extra: 'x',
    });
  });

  it('unzips while reading and stops a gzip bomb at the cap', async () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024, 'x'));
    const { transport } = await setup(
      (req, res) => {
        res.setHeader('content-encoding', 'gzip');
        res.end(req.url?.startsWith('/version') ? gzipSync('{"zipped":1}') : bomb);
      },
      { protocol },
    );
    expect(await transport.json(request({ path: '/version' }))).toEqual({ zipped: 1 });
    expect(await failure(transport.text(request({ maxBytes: 1024 * 1024 })))).toMatchObject({ code: 'too_large' });
    expect(await transport.json(request({ path: '/version' }))).toEqual({ zipped: 1 });
  });

  it('ends a request whose server sends nothing, before and within an answer', async () => {
    const { transport } = await setup(
      (req, res) => {
        if (req.url === '/version') res.write('begun');
      },
      { protocol },
    );
    const error = await failure(transport.text(request({ idleTimeoutMs: 150 })));
    expect(error).toMatchObject({ code: 'deadline_exceeded', message: 'Cluster "test" sent nothing for 0.15 s.' });
    expect(await failure(transport.text(request({ path: '/version', idleTimeoutMs: 150 })))).toMatchObject({
      code: 'deadline_exceeded',
    });
  });

  it('ends the stream at once when the caller cancels', async () => {
    const { transport, api } = await setup((_req, res) => void res.write('begun'), { protocol });
    const controller = new AbortController();
    const answer = await transport.send(request({ signal: controller.signal }));
    const reading = failure(
      (async () => {
        for await (const _ of answer.body) controller.abort();
      })(),
    );
    expect(await reading).toMatchObject({ code: 'cancelled' });
    expect(await failure(transport.send(request({ signal: controller.signal })))).toMatchObject({ code: 'cancelled' });
    expect(api.connections()).toBe(1);
  });

  it('repeats a GET once when the connection dies before an answer, and no POST', async () => {
    let asked = 0;
    const { transport } = await setup(
      (req, res) => {
        asked++;
        if (asked % 2 === 1) req.socket.destroy();
        else ok(req, res);
      },
      { protocol },
    );
    expect(await transport.json(request())).toEqual({ ok: true });
    expect(asked).toBe(2);
    expect(await failure(transport.json(request({ method: 'POST', body: '{}' })))).toMatchObject({
      code: 'cluster_unreachable',
    });
    expect(asked).toBe(3);
  });

  it('reports an answer that breaks off', async () => {
    const { transport } = await setup(
      (req, res) => {
        res.writeHead(200);
        res.write('begun');
        setTimeout(() => req.socket.destroy(), 50);
      },
      { protocol },
    );
    expect(await failure(transport.text(request()))).toMatchObject({ code: 'cluster_unreachable' });
  });

  it('gives up on 429 after three repeats and says how long to wait; recovers from fewer', async () => {
    let asked = 0;
    let refusals = 2;
    const { transport } = await setup(
      (req, res) => {
        asked++;
        if (asked > refusals) return ok(req, res);
        res.writeHead(429, { 'retry-after': '0' }).end();
      },
      { protocol },
    );
    expect(await transport.json(request({ method: 'POST', body: '{}' }))).toEqual({ ok: true });
    expect(asked).toBe(3);
    refusals = 1000;
    expect(await failure(transport.json(request()))).toMatchObject({
      code: 'too_many_requests',
      detail: { retryAfterSeconds: 0 },
    });
    expect(asked).toBe(7);
  });

  it('does not follow a redirect', async () => {
    const { transport } = await setup(
      (_req, res) => void res.writeHead(302, { location: 'https://elsewhere.example' }).end(),
      {
        protocol,
      },
    );
    expect(await failure(transport.send(request()))).toMatchObject({ code: 'cluster_bad_answer' });
  });

  it('cancels the requests under way when it is closed', async () => {
    const { transport } = await setup(() => undefined, { protocol });
    const pending = failure(transport.text(request()));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await transport.close();
    expect(await pending).toMatchObject({ code: 'cancelled' });
    expect(await failure(transport.text(request()))).toMatchObject({ code: 'cancelled' });
  });
});

describe('the guard', () => {
  it('refuses before anything is sent, and before credentials are asked for', async () => {
    let credentialsAsked = 0;
    const { transport, api } = await setup(ok, {
      connection: {
        credentials: {
          current: async () => {
            credentialsAsked++;
            return { headers: {}, generation: 1 };
          },
          refresh: async () => false,
        },
      },
    });
    const seen: unknown[] = [];
    const scope = {
      decide: (asked: unknown) => {
        seen.push(asked);
        return {
          allow: false,
          code: 'gate_closed',
          reason: 'Deleting is off.',
          remedy: 'Start with --enable-delete.',
        } as const;
      },
    };
    expect(
      await failure(transport.send(request({ method: 'DELETE', path: '/api/v1/namespaces/ns/pods/x', scope }))),
    ).toMatchObject({
      code: 'gate_closed',
      message: 'Deleting is off.',
      detail: { remedy: 'Start with --enable-delete.' },
    });
    expect(seen).toMatchObject([{ verb: 'delete', resource: 'pods', namespace: 'ns', name: 'x' }]);
    expect(await failure(transport.send(request({ path: '/api/v1/../x' })))).toMatchObject({
      code: 'unsupported_request',
    });
    expect([api.connections(), credentialsAsked]).toEqual([0, 0]);
  });

  it.each(['authorization', 'impersonate-user', 'host', 'connection', 'x-remote-user', 'Accept'])(
    'refuses the caller header %s',
    async (name) => {
      const { transport, api } = await setup(ok);
      expect(await failure(transport.send(request({ headers: { [name]: 'x' } })))).toMatchObject({ code: 'internal' });
      expect(api.connections()).toBe(0);
    },
  );
});

describe('credentials', () => {
  it('are refreshed once for fifty requests that get 401, and all are sent again', async () => {
    let generation = 1;
    let fetches = 0;
    let refreshing: Promise<void> | undefined;
    const fetchAnew = async () => {
      fetches++;
      await new Promise((resolve) => setTimeout(resolve, 20));
      generation++;
    };
    const { transport } = await setup(
      (req, res) => (req.headers.authorization === 'Bearer 2' ? ok(req, res) : void res.writeHead(401).end('{}')),
      {
        connection: {
          credentials: {
            current: async () => ({ headers: { authorization: `Bearer ${generation}` }, generation }),
            refresh: async (stale) => {
              if (stale === generation) {
                refreshing ??= fetchAnew();
                await refreshing;
              }
              return true;
            },
          },
        },
      },
    );
    const answers = await Promise.all(Array.from({ length: 50 }, () => transport.json(request())));
    expect(answers).toEqual(Array.from({ length: 50 }, () => ({ ok: true })));
    expect(fetches).toBe(1);
  });

  it('that cannot change leave the 401, with its body', async () => {
    const { transport } = await setup((_req, res) => void res.writeHead(401).end('no'));
    const answer = await transport.send(request());
    const chunks: Uint8Array[] = [];
    for await (const chunk of answer.body) chunks.push(chunk);
    expect([answer.status, Buffer.concat(chunks).toString()]).toEqual([401, 'no']);
    const error = await failure(transport.text(request()));
    expect(error).toMatchObject({ code: 'cluster_unauthorized' });
    expect(error.detail.remedy).toContain('Sign in to context "test" again');
  });

  it('with a new client certificate get a new connection, while the old one finishes', async () => {
    const client = { cert: pem('client'), key: pem('client-key') };
    const credentials: Credentials = { headers: {}, generation: 1 };
    let current = credentials;
    let finish: (() => void) | undefined;
    const { transport, api } = await setup(
      (req, res) => {
        const subject = (req as Http2ServerRequest).stream.session?.socket as unknown as {
          getPeerCertificate(): { subject?: { CN: string } };
        };
        const body = JSON.stringify(subject.getPeerCertificate().subject?.CN ?? 'nobody');
        if (req.url === '/version') {
          res.write(' ');
          finish = () => res.end(body);
        } else res.end(body);
      },
      { requestCert: true, connection: { credentials: { current: async () => current, refresh: async () => false } } },
    );
    const slow = transport.json(request({ path: '/version' }));
    await expect.poll(() => finish).toBeDefined();
    current = { headers: {}, clientCertificate: client, generation: 2 };
    expect(await transport.json(request())).toBe('client');
    current = { headers: {}, clientCertificate: { ...client }, generation: 3 };
    expect(await transport.json(request())).toBe('client');
    finish?.();
    expect(await slow).toBe('nobody');
    expect(api.connections()).toBe(2);
  });

  it('that are no PEM are named as the problem', async () => {
    const { transport } = await setup(ok, {
      connection: {
        credentials: credentialsOf({ headers: {}, generation: 1, clientCertificate: { cert: 'x', key: 'y' } }),
      },
    });
    expect(await failure(transport.text(request()))).toMatchObject({ code: 'credentials_failed' });
  });
});
