/** A child's request line and headers: read strictly, and cleaned of all that is the connection's or could pass for an identity. */
import { Refusal } from './status.ts';
import type { GuardImpersonation } from './types.ts';

export interface RawRequest {
  method?: string | undefined;
  url?: string | undefined;
  /** Names and values in turn, as they came. */
  rawHeaders: readonly string[];
}

export interface RequestHead {
  method: string;
  handle: string;
  /** Path and query behind the handle. */
  path: string;
  headers: Record<string, string>;
  impersonate: GuardImpersonation | undefined;
}

type Lines = ReadonlyMap<string, readonly string[]>;

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
/** Another of these could be read by the next server in place of the one that we read. */
const SINGLE = [
  'host',
  'authorization',
  'content-length',
  'content-type',
  'content-encoding',
  'transfer-encoding',
  'upgrade',
  'accept',
  'impersonate-user',
  'impersonate-uid',
];
/** Not passed on: how this connection works, who asks, and where the request came from. */
const DROPPED =
  /^(?:host|authorization|connection|upgrade|keep-alive|te|trailer|transfer-encoding|content-length|content-encoding|expect|user-agent|accept-encoding|cookie|forwarded|via|origin|referer|http2-settings|proxy-.*|impersonate-.*|x-remote-.*|x-forwarded-.*|x-real-ip|sec-fetch-.*)$/;
const TARGET = /^\/([a-z0-9-]{1,64})(\/[^\s]*|\?[^\s]*)?$/;
const EXTRA = 'impersonate-extra-';

/** The bearer token of a request; undefined where there is none, or more than one. */
export function bearerToken({ rawHeaders }: RawRequest): string | undefined {
  const values = linesOf(rawHeaders).get('authorization') ?? [];
  const [value = '', ...more] = values;
  return more.length > 0 ? undefined : /^Bearer ([\w-]{16,256})$/i.exec(value)?.[1];
}

/** Throws Refusal for what can be read in more than one way, or is addressed to someone else. */
export function readHead(raw: RawRequest, authority: string): RequestHead {
  const lines = linesOf(raw.rawHeaders);
  for (const name of SINGLE) {
    if ((lines.get(name)?.length ?? 0) > 1) throw bad(`The header ${name} is there more than once.`);
  }
  // A name that was made to resolve to 127.0.0.1 is no address of ours.
  const host = lines.get(':authority')?.[0] ?? lines.get('host')?.[0];
  if (host !== authority) throw new Refusal(421, 'BadRequest', 'The request is addressed to another host.');
  const method = raw.method ?? '';
  if (!METHODS.has(method)) throw new Refusal(405, 'MethodNotAllowed', 'The API server knows no such method.');
  const encoding = lines.get('content-encoding')?.[0]?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity') {
    throw new Refusal(415, 'UnsupportedMediaType', 'Bodies of requests are taken without content encoding only.');
  }
  const [, handle, rest = '/'] = TARGET.exec(raw.url ?? '') ?? [];
  if (handle === undefined) throw new Refusal(404, 'NotFound', 'There is nothing at this path.');
  return {
    method,
    handle,
    path: rest.startsWith('?') ? `/${rest}` : rest,
    headers: passedOn(lines),
    impersonate: impersonation(lines),
  };
}

/** Whether a request asks for an upgrade that API servers know; the protocol as they spell it. */
export function upgradeProtocol({ rawHeaders }: RawRequest): 'SPDY/3.1' | 'websocket' | undefined {
  const lines = linesOf(rawHeaders);
  const tokens = lines.get('connection')?.flatMap((value) => value.toLowerCase().split(',')) ?? [];
  if (!tokens.some((token) => token.trim() === 'upgrade')) return undefined;
  const [protocol, ...more] = lines.get('upgrade') ?? [];
  if (more.length > 0) return undefined;
  return (['SPDY/3.1', 'websocket'] as const).find((known) => known.toLowerCase() === protocol?.toLowerCase());
}

/** True where a request has a body, or says so. */
export function announcesBody({ rawHeaders }: RawRequest): boolean {
  const lines = linesOf(rawHeaders);
  return lines.has('transfer-encoding') || (lines.get('content-length') ?? []).some((length) => !/^0+$/.test(length));
}

/** Lower-case names; pseudo headers of HTTP/2 included. */
function linesOf(rawHeaders: readonly string[]): Lines {
  const lines = new Map<string, string[]>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? '';
    const value = rawHeaders[at + 1] ?? '';
    const known = lines.get(name);
    if (known === undefined) lines.set(name, [value]);
    else known.push(value);
  }
  return lines;
}

function passedOn(lines: Lines): Record<string, string> {
  // What Connection names belongs to this connection.
  const named = new Set(
    lines.get('connection')?.flatMap((value) =>
      value
        .toLowerCase()
        .split(',')
        .map((t) => t.trim()),
    ),
  );
  const headers: Record<string, string> = {};
  for (const [name, values] of lines) {
    if (name.startsWith(':') || DROPPED.test(name) || named.has(name)) continue;
    headers[name] = values.join(', ');
  }
  return headers;
}

function impersonation(lines: Lines): GuardImpersonation | undefined {
  const names = [...lines.keys()].filter((name) => name.startsWith('impersonate-'));
  if (names.length === 0) return undefined;
  const texts = (name: string) => (lines.get(name) ?? []).map(utf8);
  const extra: Record<string, readonly string[]> = {};
  for (const name of names) {
    if (name.startsWith(EXTRA)) extra[decoded(name.slice(EXTRA.length))] = texts(name);
    else if (!['impersonate-user', 'impersonate-uid', 'impersonate-group'].includes(name)) {
      throw bad('The request names someone to act as in a way that is not known.');
    }
  }
  const [user = ''] = texts('impersonate-user');
  const [uid] = texts('impersonate-uid');
  if (user === '') throw bad('The request names groups, uid or extra to act as, but no user.');
  return { user, ...(uid !== undefined && { uid }), groups: texts('impersonate-group'), extra };
}

/** Node reads header bytes as Latin-1; clients write UTF-8. */
function utf8(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8');
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    throw bad('The request names someone to act as in a way that cannot be decoded.');
  }
}

function bad(message: string): Refusal {
  return new Refusal(400, 'BadRequest', message);
}
