import { connect as connectH2 } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cleanups, guardListener, http1, http2, scriptedCall, text } from '../../../test/support/guard-setup.ts';
import { AppError } from '../../kernel/errors.ts';
import type { GuardResponse } from './types.ts';

const status = (code: number, reason: string, message: unknown = expect.any(String)) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  reason,
  message,
  code,
});

describe.each([
  ['HTTP/1.1', http1],
  ['HTTP/2', http2],
] as const)('over %s', (_name, ask) => {
  it('a request passes without what is the connection’s or an identity', async () => {
    const call = scriptedCall();
    const ticket = await guardListener().admit('dev-1', call);
    const answer = await ask(ticket, {
      method: 'POST',
      path: '/api/v1/namespaces/a%20b/pods?dryRun=All&x=%2F',
      body: '{"a":1}',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json;as=Table',
        'accept-encoding': 'gzip',
        'user-agent': 'kubectl',
        cookie: 'a=b',
        'x-forwarded-for': '1.2.3.4',
        'x-remote-user': 'system:admin',
        'proxy-authorization': 'Basic x',
        'kubectl-command': 'kubectl create',
      },
    });
    expect(answer).toMatchObject({ status: 200, body: 'ok', headers: { 'content-type': 'text/plain' } });
    expect(call.seen).toMatchObject([{ method: 'POST', path: '/api/v1/namespaces/a%20b/pods?dryRun=All&x=%2F' }]);
    expect(call.seen[0]?.headers).toEqual({
      'content-type': 'application/json',
      accept: 'application/json;as=Table',
      'kubectl-command': 'kubectl create',
    });
    expect(Buffer.from(call.seen[0]?.body ?? []).toString()).toBe('{"a":1}');
    expect(call.seen[0]).not.toHaveProperty('impersonate');
  });

  it('whom the child asks to act as is told apart from the headers', async () => {
    const call = scriptedCall();
    const ticket = await guardListener().admit('dev', call);
    await ask(ticket, {
      headers: {
        'impersonate-user': Buffer.from('jürgen').toString('latin1'),
        'impersonate-uid': 'u1',
        'impersonate-group': ['a, b', 'c'],
        'impersonate-extra-example.com%2fscope': ['x', 'y'],
      },
    });
    expect(call.seen[0]?.impersonate).toEqual({
      user: 'jürgen',
      uid: 'u1',
      groups: ['a, b', 'c'],
      extra: { 'example.com/scope': ['x', 'y'] },
    });
    expect(call.seen[0]?.headers).toEqual({});
    expect(await ask(ticket, { headers: { 'impersonate-group': 'system:masters' } })).toMatchObject({ status: 400 });
    expect(await ask(ticket, { headers: { 'impersonate-user': 'x', 'impersonate-all': 'y' } })).toMatchObject({
      status: 400,
    });
    expect(call.seen).toHaveLength(1);
  });

  it('an answer streams as it is read, and its headers come before its first byte', async () => {
    const go = Promise.withResolvers<void>();
    const ticket = await guardListener().admit(
      'dev',
      scriptedCall({
        forward: async () => ({
          status: 200,
          headers: {
            'content-type': 'application/json',
            'set-cookie': 'a=b',
            'content-encoding': 'gzip',
            'audit-id': 'x',
          },
          body: (async function* () {
            yield* text('one ');
            await go.promise;
            yield* text('two');
          })(),
        }),
      }),
    );
    const answer = ask(ticket);
    go.resolve();
    const { headers, body } = await answer;
    expect(body).toBe('one two');
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'audit-id': 'x' });
    expect(headers).not.toHaveProperty('set-cookie');
    expect(headers).not.toHaveProperty('content-encoding');
  });

  it('a slow reader slows the writer down', async () => {
    let written = 0;
    const chunk = Buffer.alloc(4 * 1024);
    const ticket = await guardListener().admit(
      'dev',
      scriptedCall({
        forward: async () => ({
          status: 200,
          headers: {},
          body: (async function* () {
            for (; written < 20_000; written++) yield chunk;
          })(),
        }),
      }),
    );
    const session = connectH2(new URL(ticket.server).origin, { ca: ticket.ca });
    cleanups.push(() => session.destroy());
    session.on('error', () => undefined);
    const stream = session.request({
      ':path': `${new URL(ticket.server).pathname}/api`,
      authorization: `Bearer ${ticket.token}`,
    });
    stream.on('error', () => undefined);
    await new Promise((resolve) => stream.once('response', resolve));
    let before = -1;
    await expect
      .poll(() => {
        const still = written === before;
        before = written;
        return still && written > 0;
      })
      .toBe(true);
    expect(written).toBeLessThan(2_000);
  });

  it('an answer that breaks off does not look complete', async () => {
    const ticket = await guardListener().admit(
      'dev',
      scriptedCall({
        forward: async () => ({
          status: 200,
          headers: {},
          body: (async function* () {
            yield* text('half');
            throw new AppError('cluster_unreachable', 'gone');
          })(),
        }),
      }),
    );
    await expect(ask(ticket)).rejects.toThrow();
  });

  it.each([
    [new AppError('gate_closed', 'Deleting is off.', { remedy: 'Ask.' }), 403, 'Forbidden', 'Deleting is off. Ask.'],
    [new AppError('not_found', 'No pod.'), 404, 'NotFound', 'No pod.'],
    [new AppError('cluster_unreachable', 'Down.'), 503, 'ServiceUnavailable', 'Down.'],
    [new AppError('cluster_unauthorized', 'Sign in.'), 401, 'Unauthorized', 'Sign in.'],
    [
      new Error('secret-in-a-stack'),
      500,
      'InternalError',
      'Something failed inside k8s-mcp. The server log has the details.',
    ],
  ])('%s becomes a Status', async (thrown, code, reason, message) => {
    const ticket = await guardListener().admit('dev', scriptedCall({ forward: () => Promise.reject(thrown) }));
    const answer = await ask(ticket);
    expect(answer.status).toBe(code);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(JSON.parse(answer.body)).toEqual(status(code, reason, message));
  });

  it('a wait is told in the header that clients look at', async () => {
    const busy = new AppError('too_many_requests', 'Busy.', { retryAfterSeconds: 7 });
    const ticket = await guardListener().admit('dev', scriptedCall({ forward: () => Promise.reject(busy) }));
    const answer = await ask(ticket);
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '7']);
    expect(JSON.parse(answer.body)).toMatchObject({ details: { retryAfterSeconds: 7 } });
  });

  it('whoever has no ticket for the path learns nothing', async () => {
    const guard = guardListener();
    const [one, two] = [scriptedCall(), scriptedCall()];
    const mine = await guard.admit('mine', one);
    const other = await guard.admit('other', two);
    const answers = await Promise.all([
      ask(mine, { token: 'x'.repeat(43) }),
      ask(mine, { token: other.token }),
      ask(mine, { token: '' }),
      ask(mine, { headers: { authorization: `Basic ${mine.token}` } }),
      ask({ ...mine, server: mine.server.replace('/mine', '/nobody') }),
    ]);
    for (const answer of answers) {
      expect(JSON.parse(answer.body)).toEqual(status(401, 'Unauthorized', 'Unauthorized'));
      expect(answer.status).toBe(401);
    }
    expect([...one.seen, ...two.seen]).toEqual([]);
  });

  it('whoever is turned away with a body reads why', async () => {
    const ticket = await guardListener().admit('dev', scriptedCall());
    const body = Buffer.alloc(2 * 1024 * 1024);
    expect(await ask(ticket, { method: 'POST', token: 'x'.repeat(43), body })).toMatchObject({ status: 401 });
  });

  it.each(['/', '/DEV/api', '/%64ev/api', '/../dev/api', '/dev'.padEnd(100, 'x')])(
    'there is nothing at %s',
    async (path) => {
      const call = scriptedCall();
      const ticket = await guardListener().admit('dev', call);
      const answer = await ask(
        { ...ticket, server: ticket.server.replace('/dev', '') },
        { path: path.replace(/^\//, '') },
      );
      expect([answer.status, call.seen.length]).toEqual([404, 0]);
    },
  );

  it('a closed ticket ends what runs at once, and opens nothing any more', async () => {
    const aborted = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const guard = guardListener();
    const ticket = await guard.admit(
      'dev',
      scriptedCall({
        forward: ({ signal }) => {
          signal.addEventListener('abort', () => aborted.resolve(), { once: true });
          started.resolve();
          return new Promise<GuardResponse>(() => undefined);
        },
      }),
    );
    const stays = await guard.admit('dev', scriptedCall());
    const broken = ask(ticket).catch(() => 'broken');
    await started.promise;
    ticket.close();
    await aborted.promise;
    expect(await broken).toBe('broken');
    expect(await ask(ticket)).toMatchObject({ status: 401 });
    expect(await ask(stays)).toMatchObject({ status: 200 });
  });

  it('a child that goes away ends its request', async () => {
    const aborted = Promise.withResolvers<unknown>();
    const ticket = await guardListener().admit(
      'dev',
      scriptedCall({
        forward: async ({ signal }) => ({
          status: 200,
          headers: {},
          body: (async function* () {
            signal.addEventListener('abort', () => aborted.resolve(signal.reason), { once: true });
            yield* text('begun');
            await new Promise(() => undefined);
          })(),
        }),
      }),
    );
    const session = connectH2(new URL(ticket.server).origin, { ca: ticket.ca });
    cleanups.push(() => session.destroy());
    session.on('error', () => undefined);
    const stream = session.request({
      ':path': `${new URL(ticket.server).pathname}/api`,
      authorization: `Bearer ${ticket.token}`,
    });
    stream.on('error', () => undefined);
    stream.once('data', () => session.destroy());
    expect(await aborted.promise).toMatchObject({ code: 'cancelled' });
  });

  it('HEAD and 304 have no body', async () => {
    const call = scriptedCall({
      forward: async ({ method }) => ({
        status: method === 'HEAD' ? 200 : 304,
        headers: { etag: '"1"' },
        body: text('body'),
      }),
    });
    const ticket = await guardListener().admit('dev', call);
    expect(await ask(ticket, { method: 'HEAD' })).toMatchObject({ status: 200, body: '', headers: { etag: '"1"' } });
    expect(await ask(ticket)).toMatchObject({ status: 304, body: '' });
  });

  it('an answer that is none is an error', async () => {
    const ticket = await guardListener().admit(
      'dev',
      scriptedCall({ forward: async () => ({ status: 101, headers: {}, body: text('x') }) }),
    );
    expect(await ask(ticket)).toMatchObject({ status: 500 });
  });

  it('a body that is too long, packed, or sent with a GET is refused', async () => {
    const call = scriptedCall();
    const ticket = await guardListener({ limits: { bodyBytes: 1024 * 1024 } }).admit('dev', call);
    const long = await ask(ticket, { method: 'POST', body: Buffer.alloc(3 * 1024 * 1024) });
    expect(JSON.parse(long.body)).toEqual(
      status(413, 'RequestEntityTooLarge', 'The body of a request may be 1 MiB at most.'),
    );
    const packed = await ask(ticket, { method: 'POST', body: gzipSync('{}'), headers: { 'content-encoding': 'gzip' } });
    expect(packed.status).toBe(415);
    expect(await ask(ticket, { method: 'GET', body: 'x', headers: { 'content-length': '1' } })).toMatchObject({
      status: 400,
    });
    expect(call.seen).toEqual([]);
    expect(await ask(ticket, { method: 'POST', body: Buffer.alloc(1024 * 1024) })).toMatchObject({ status: 200 });
  });

  it('a body that does not come in time is given up', async () => {
    const call = scriptedCall();
    const ticket = await guardListener({ limits: { bodyTimeoutMs: 100 } }).admit('dev', call);
    const session = connectH2(new URL(ticket.server).origin, { ca: ticket.ca });
    cleanups.push(() => session.destroy());
    session.on('error', () => undefined);
    const stream = session.request({
      ':method': 'POST',
      ':path': `${new URL(ticket.server).pathname}/api`,
      authorization: `Bearer ${ticket.token}`,
    });
    stream.on('error', () => undefined);
    stream.write('begun');
    const code = await new Promise((resolve) => stream.once('response', (headers) => resolve(headers[':status'])));
    expect(code).toBe(408);
    expect(call.seen).toEqual([]);
  });

  it.each(['OPTIONS', 'TRACE', 'PROPFIND'])('the method %s is refused', async (method) => {
    const ticket = await guardListener().admit('dev', scriptedCall());
    expect(await ask(ticket, { method })).toMatchObject({ status: 405 });
  });

  it('a request for another host is refused', async () => {
    const ticket = await guardListener().admit('dev', scriptedCall());
    const headers: Record<string, string> = ask === http2 ? { ':authority': 'evil.example' } : { host: 'evil.example' };
    expect(await ask(ticket, { headers })).toMatchObject({ status: 421 });
  });
});
