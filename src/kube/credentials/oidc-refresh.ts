import { readFile } from 'node:fs/promises';
import { getCACertificates } from 'node:tls';
import type { Dispatcher } from 'undici';
import { AppError } from '../../kernel/errors.ts';
import { proxyFromEnv } from '../kubeconfig/proxy-from-env.ts';

export interface OidcClient {
  issuer: string;
  clientId: string;
  clientSecret: string | undefined;
  /** Path of a PEM file, or PEM in base64; without either the system's authorities count. */
  caFile: string | undefined;
  caData: string | undefined;
  /** Names the sign-in in errors. */
  origin: string;
  /** For proxies. */
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
}

/** For discovery and token request together. */
const DEADLINE_MS = 30_000;
const MAX_BYTES = 256 * 1024;

/** Asks the issuer for a new id-token. Throws `credentials_failed`; what the issuer said is never quoted. */
export async function refreshIdToken(
  client: OidcClient,
  refreshToken: string,
): Promise<{ idToken: string; refreshToken?: string }> {
  const issuer = endpoint(client.issuer, client, 'idp-issuer-url');
  const signal = AbortSignal.any([client.signal, AbortSignal.timeout(DEADLINE_MS)]);
  const dispatcher = await createDispatcher(issuer, client);
  try {
    const discovery = await askJson(client, 'discovery document', { url: discoveryUrl(issuer), dispatcher, signal });
    const tokenUrl = endpoint(discovery['token_endpoint'], client, 'token_endpoint of the issuer');
    if (issuer.protocol === 'https:' && tokenUrl.protocol !== 'https:')
      throw failed(client, 'its token endpoint is not https');
    const answer = await askJson(client, 'token endpoint', {
      url: tokenUrl,
      dispatcher,
      signal,
      ...tokenRequest(client, refreshToken, discovery['token_endpoint_auth_methods_supported']),
    });
    const { id_token: idToken, refresh_token: rotated } = answer;
    if (typeof idToken !== 'string')
      throw failed(client, 'the issuer returned no id_token (was the scope openid requested?)');
    return { idToken, ...(typeof rotated === 'string' && rotated !== '' ? { refreshToken: rotated } : {}) };
  } finally {
    await dispatcher.destroy();
  }
}

function tokenRequest(client: OidcClient, refreshToken: string, methods: unknown) {
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken });
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  };
  // OpenID Connect Core §9: client_secret_basic is the default when the issuer names no method.
  const basic = !Array.isArray(methods) || methods.includes('client_secret_basic');
  if (client.clientSecret && basic) {
    const pair = `${encodeURIComponent(client.clientId)}:${encodeURIComponent(client.clientSecret)}`;
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
  } else {
    form.set('client_id', client.clientId);
    if (client.clientSecret) form.set('client_secret', client.clientSecret);
  }
  return { method: 'POST' as const, headers, body: form.toString() };
}

interface Question {
  url: URL;
  dispatcher: Dispatcher;
  signal: AbortSignal;
  method?: 'POST';
  headers?: Record<string, string>;
  body?: string;
}

async function askJson(
  client: OidcClient,
  what: string,
  { url, ...options }: Question,
): Promise<Record<string, unknown>> {
  const { status, body } = await ask(url, options).catch(() => {
    if (client.signal.aborted) throw new AppError('cancelled', 'The server is stopping.');
    throw failed(client, `the ${what} at ${url.host} could not be read`);
  });
  if (status === 400 || status === 401) throw failed(client, `the issuer refused the refresh-token (HTTP ${status})`);
  if (status !== 200) throw failed(client, `the ${what} at ${url.host} answered HTTP ${status}`);
  if (typeof body !== 'object' || body === null)
    throw failed(client, `the ${what} at ${url.host} is not a JSON object`);
  return { ...body };
}

async function ask(url: URL, options: Omit<Question, 'url'>): Promise<{ status: number; body: unknown }> {
  // Loaded late: few kubeconfigs use OIDC, and undici is a third of the bundle.
  const { request } = await import('undici');
  const { statusCode: status, body } = await request(url, options);
  // An error page is often no JSON; its status says enough.
  if (status === 200) return { status, body: await body.json() };
  await body.dump();
  return { status, body: undefined };
}

async function createDispatcher(target: URL, client: OidcClient): Promise<Dispatcher> {
  const { Agent, ProxyAgent, Socks5ProxyAgent } = await import('undici');
  const tls = { ca: await authorities(client) };
  const limits = { maxResponseSize: MAX_BYTES, allowH2: false };
  const proxy = proxyFromEnv(target, client.env);
  if (proxy === undefined) return new Agent({ ...limits, connect: tls });
  if (proxy.protocol === 'socks5:') return new Socks5ProxyAgent(proxy, { ...limits, requestTls: tls });
  return new ProxyAgent({ ...limits, uri: proxy.href, requestTls: tls });
}

async function authorities({ caData, caFile, ...client }: OidcClient): Promise<string[]> {
  if (caData) return [Buffer.from(caData, 'base64').toString('utf8')];
  if (!caFile) return [...getCACertificates('default'), ...getCACertificates('system')];
  try {
    return [await readFile(caFile, 'utf8')];
  } catch {
    throw failed({ caData, caFile, ...client }, `the file ${caFile} (idp-certificate-authority) cannot be read`);
  }
}

function discoveryUrl(issuer: URL): URL {
  return new URL(`${issuer.href.replace(/\/$/, '')}/.well-known/openid-configuration`);
}

function endpoint(value: unknown, client: OidcClient, what: string): URL {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw failed(client, `the ${what} is not an http(s) URL`);
  return url;
}

function failed({ origin }: OidcClient, problem: string): AppError {
  return new AppError('credentials_failed', `A new id-token for ${origin} could not be had: ${problem}.`, {
    remedy:
      'Sign in again with the tool that wrote this user, or configure an exec plugin such as `kubectl oidc-login`.',
  });
}
