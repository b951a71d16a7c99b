import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../kernel/clock.ts';
import { combineIngredients } from './combined-source.ts';
import { oidc } from './oidc.ts';

const signal = new AbortController().signal;
const NOW = 1_800_000_000_000;
let now = NOW;
const clock: Clock = { now: () => now, monotonic: () => now, after: () => () => undefined };
const NOTHING = async () => {
  throw new Error('must not be called');
};

const jwt = (id: string, lifeMs: number) =>
  ['{}', JSON.stringify({ sub: id, exp: (now + lifeMs) / 1000 }), id]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

interface Asked {
  path: string;
  authorization: string | undefined;
  form: Record<string, string>;
}

/** An issuer on loopback that records what it was asked. */
let server: Server;
let issuer: string;
let asked: Asked[];
let discovery: Record<string, unknown>;
let answer: () => { status: number; body: unknown };

beforeEach(async () => {
  now = NOW;
  asked = [];
  server = createServer(async (request, response) => {
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization, form });
    const { status, body } = request.url === '/realm/token' ? answer() : { status: 200, body: discovery };
    response
      .writeHead(status, { 'content-type': 'application/json', location: '/elsewhere' })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/realm`;
  discovery = { issuer, token_endpoint: `${issuer}/token` };
  answer = () => ({ status: 200, body: { id_token: jwt('fresh', 600_000) } });
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const tokenRequests = () => asked.filter(({ path }) => path === '/realm/token');

function source(config: Record<string, string>) {
  const all = { 'idp-issuer-url': issuer, 'client-id': 'id', ...config };
  const host = {
    clock,
    run: NOTHING,
    find: NOTHING,
    env: { HTTP_PROXY: 'http://127.0.0.1:1' },
    home: undefined,
    execTimeLimitMs: 1,
    shutdown: signal,
  };
  return combineIngredients([oidc('ada', all, host)]);
}

describe('the auth-provider oidc', () => {
  it('uses the stored id-token until it expires, then refreshes it once for all', async () => {
    const stored = jwt('stored', 300_000);
    const credentials = source({ 'id-token': stored, 'refresh-token': 'r1', 'client-secret': 's&1' });
    expect((await credentials.current(signal)).headers).toEqual({ authorization: `Bearer ${stored}` });
    expect(asked).toEqual([]);

    now += 290_000;
    const fresh = jwt('fresh', 600_000);
    const all = await Promise.all(Array.from({ length: 30 }, () => credentials.current(signal)));
    expect(new Set(all.map(({ headers }) => headers['authorization']))).toEqual(new Set([`Bearer ${fresh}`]));
    expect(asked).toEqual([
      { path: '/realm/.well-known/openid-configuration', authorization: undefined, form: {} },
      {
        path: '/realm/token',
        authorization: `Basic ${Buffer.from('id:s%261').toString('base64')}`,
        form: { grant_type: 'refresh_token', refresh_token: 'r1' },
      },
    ]);
  });

  it('keeps a rotated refresh token, and sends the secret as the issuer wants it', async () => {
    discovery['token_endpoint_auth_methods_supported'] = ['client_secret_post'];
    let n = 0;
    answer = () => ({ status: 200, body: { id_token: jwt(`t${++n}`, 600_000), refresh_token: `r${n + 1}` } });
    const credentials = source({ 'refresh-token': 'r1', 'client-secret': 's' });
    await credentials.current(signal);
    expect(await credentials.refresh(1, signal)).toBe(true);
    expect(tokenRequests().map(({ form }) => form)).toEqual([
      { grant_type: 'refresh_token', refresh_token: 'r1', client_id: 'id', client_secret: 's' },
      { grant_type: 'refresh_token', refresh_token: 'r2', client_id: 'id', client_secret: 's' },
    ]);
  });

  it('sends a public client by its id alone', async () => {
    await source({ 'refresh-token': 'r1' }).current(signal);
    expect(tokenRequests()).toEqual([
      {
        path: '/realm/token',
        authorization: undefined,
        form: { grant_type: 'refresh_token', refresh_token: 'r1', client_id: 'id' },
      },
    ]);
  });

  it('works without a refresh token while the id-token lasts, and then asks to sign in', async () => {
    const credentials = source({ 'id-token': jwt('stored', 60_000) });
    await credentials.current(signal);
    expect(await credentials.refresh(1, signal)).toBe(false);
    now += 59_000;
    expect((await credentials.current(signal)).generation).toBe(1);
    now += 2_000;
    await expect(credentials.current(signal)).rejects.toMatchObject({
      code: 'credentials_failed',
      message: expect.stringContaining('has expired'),
    });
    await expect(source({}).current(signal)).rejects.toMatchObject({ code: 'credentials_failed' });
    expect(asked).toEqual([]);
  });

  it.each<[string, () => void, string]>([
    [
      'refuses',
      () => (answer = () => ({ status: 400, body: { error: 'invalid_grant', error_description: 'hunter2' } })),
      'refused the refresh-token (HTTP 400)',
    ],
    ['is down', () => (answer = () => ({ status: 503, body: 'hunter2' })), 'answered HTTP 503'],
    ['redirects', () => (answer = () => ({ status: 302, body: {} })), 'answered HTTP 302'],
    ['answers text', () => (answer = () => ({ status: 200, body: 'hunter2' })), 'could not be read'],
    [
      'answers without a token',
      () => (answer = () => ({ status: 200, body: { access_token: 'hunter2' } })),
      'returned no id_token',
    ],
    [
      'answers too much',
      () => (answer = () => ({ status: 200, body: { id_token: 'x'.repeat(300_000) } })),
      'could not be read',
    ],
    ['has no token endpoint', () => (discovery = {}), 'token_endpoint of the issuer is not an http(s) URL'],
    [
      'names a file as endpoint',
      () => (discovery = { token_endpoint: 'file:///etc/hunter2' }),
      'is not an http(s) URL',
    ],
  ])('says so when the issuer %s, without quoting it', async (_, arrange, expected) => {
    arrange();
    const error = await source({ 'refresh-token': 'hunter2' })
      .current(signal)
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'credentials_failed' });
    expect(error.message).toContain(expected);
    expect(`${error.message} ${JSON.stringify(error.detail)}`).not.toContain('hunter2');
  });

  it('says so when the issuer cannot be reached or named', async () => {
    await expect(
      source({ 'refresh-token': 'r', 'idp-issuer-url': 'http://127.0.0.1:1' }).current(signal),
    ).rejects.toMatchObject({ code: 'credentials_failed' });
    await expect(source({ 'refresh-token': 'r', 'idp-issuer-url': 'nonsense' }).current(signal)).rejects.toMatchObject({
      code: 'credentials_failed',
    });
    await expect(
      source({ 'refresh-token': 'r', 'idp-certificate-authority': '/no/such/ca' }).current(signal),
    ).rejects.toMatchObject({
      message: expect.stringContaining('/no/such/ca'),
    });
  });
});

async function text(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}
