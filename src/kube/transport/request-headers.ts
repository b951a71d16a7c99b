/** The headers of a request: the caller's, the credentials', the impersonated identity's, and ours. */
import { AppError } from '../../kernel/errors.ts';
import type { ClusterConnection, Impersonation } from '../connection.ts';
import type { TransportRequest, UpgradeRequest } from './types.ts';
import type { WireHeaders } from './wire.ts';

/** Decide who asks, or how the connection works: never a caller's. x-remote-* is the API server's front-proxy identity. */
const OURS =
  /^(?:authorization|host|connection|upgrade|keep-alive|te|trailer|transfer-encoding|content-length|user-agent|accept-encoding|cookie|proxy-.*|impersonate-.*|x-remote-.*)$/;
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const BAD_VALUE = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** Throws `internal` when a caller sends a header that is the transport's to set. */
export function checkCallerHeaders(headers: TransportRequest['headers']): void {
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!NAME.test(name) || BAD_VALUE.test(value) || OURS.test(name)) {
      throw new AppError(
        'internal',
        `A request to the cluster set the header ${JSON.stringify(name.slice(0, 60))}, which it may not set.`,
      );
    }
  }
}

/** What an upgrade may switch to; the API server knows no other. */
const PROTOCOLS = ['SPDY/3.1', 'websocket'];

/** The caller's headers of an upgrade, apart from the two that make it one. */
export function upgradeHeaders({ headers = {} }: Pick<UpgradeRequest, 'headers'>): {
  headers: Readonly<Record<string, string>>;
  switching: WireHeaders;
} {
  const { connection, upgrade = '', 'x-stream-protocol-version': versions, ...rest } = headers;
  const protocol = PROTOCOLS.find((known) => known.toLowerCase() === upgrade.toLowerCase());
  if (connection?.toLowerCase() !== 'upgrade' || protocol === undefined) {
    throw new AppError('unsupported_request', 'The upgrade is to a protocol other than SPDY/3.1 and websocket.', {
      remedy: 'Use exec, attach or port-forward as kubectl does.',
    });
  }
  // API servers before 1.29 read one version a line and none from a comma list.
  const lines = versions === undefined ? {} : { 'x-stream-protocol-version': versions.split(',').map((v) => v.trim()) };
  return { headers: rest, switching: { connection: 'Upgrade', upgrade: protocol, ...lines } };
}

/** Throws where the caller may not act as someone else. Nested impersonation would silently replace the connection's own. */
export function checkImpersonation(
  { impersonate, scope }: Pick<TransportRequest, 'impersonate' | 'scope'>,
  connection: Pick<ClusterConnection, 'impersonate' | 'context'>,
): void {
  if (impersonate === undefined) return;
  if (scope.mayImpersonate !== true) {
    throw new AppError('gate_closed', 'Acting as another user (--as) needs the escalation gate, which is closed.', {
      remedy: 'Leave out --as, --as-group and --as-uid, or ask the operator for --enable-escalation.',
    });
  }
  if (connection.impersonate !== undefined) {
    throw new AppError(
      'unsupported_request',
      `Context "${connection.context}" acts as another user already, and cannot act as a second one.`,
      { remedy: 'Leave out --as, --as-group and --as-uid.' },
    );
  }
  if (impersonate.user === '') {
    throw new AppError('invalid_argument', 'Groups, uid or extra to act as were given without a user.', {
      remedy: 'Name the user with --as.',
    });
  }
}

/** All headers as sent. */
export function requestHeaders(
  request: Pick<TransportRequest, 'headers' | 'impersonate' | 'unpacked'> & { body: Uint8Array | undefined },
  connection: Pick<ClusterConnection, 'impersonate' | 'server'>,
  credentials: Readonly<Record<string, string>>,
  userAgent: string,
): WireHeaders {
  const impersonate = connection.impersonate ?? request.impersonate;
  return {
    accept: 'application/json',
    ...request.headers,
    ...credentials,
    ...(impersonate !== undefined && impersonation(impersonate)),
    ...(request.body !== undefined && { 'content-length': String(request.body.length) }),
    'user-agent': userAgent,
    'accept-encoding': request.unpacked === true || isLoopback(connection.server.hostname) ? 'identity' : 'gzip',
  };
}

/** On the same machine there is no network to spare, and packing a list of 543 pods takes the server 30 ms. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function impersonation({ user, uid, groups, extra }: Impersonation): WireHeaders {
  const headers: Record<string, string | string[]> = { 'impersonate-user': headerText(user) };
  if (uid !== undefined) headers['impersonate-uid'] = headerText(uid);
  if (groups.length > 0) headers['impersonate-group'] = groups.map(headerText);
  for (const [key, values] of Object.entries(extra)) {
    if (values.length > 0) headers[`impersonate-extra-${headerKey(key)}`] = values.map(headerText);
  }
  return headers;
}

/** UTF-8 bytes as the Latin-1 characters that Node writes as those bytes, the way client-go sends them. */
function headerText(text: string): string {
  if (BAD_VALUE.test(text)) {
    throw new AppError('kubeconfig_invalid', 'The impersonated identity holds a control character.', {
      remedy: 'Correct as, as-groups or as-user-extra in the kubeconfig.',
    });
  }
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Percent-encodes whatever may not stand in a header name, `%` included; the API server decodes it. */
function headerKey(key: string): string {
  return [...Buffer.from(key.toLowerCase(), 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return character !== '%' && NAME.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}
