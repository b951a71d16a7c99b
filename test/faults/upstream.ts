/** The server behind the proxy: HTTP/2 sessions with the credentials that were given, or with the client's own. */
import { readFileSync } from 'node:fs';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { PassThrough, pipeline, type Readable } from 'node:stream';
import { parse } from 'yaml';

/** Everything PEM. Without credentials the client's `Authorization` is passed on. */
export interface UpstreamTarget {
  readonly url: string;
  readonly ca: string;
  readonly token?: string;
  readonly certificate?: { readonly cert: string; readonly key: string };
}

/** A context of a kubeconfig (its text); the current one unless given. */
export interface KubeconfigTarget {
  readonly kubeconfig: string;
  readonly context?: string;
}

export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[]>;
  readonly body: Readable;
}

export interface UpstreamCall {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Undefined: no body. */
  readonly body: Readable | undefined;
  /** Told of the stream once there is one, to be closed when the client leaves. */
  onStream(stream: ClientHttp2Stream): void;
}

export interface Upstream {
  readonly signsIn: boolean;
  /** Rejects when there is no answer. */
  send(call: UpstreamCall): Promise<UpstreamAnswer>;
  close(): void;
}

/** Below the 100 to 250 that servers grant. */
const STREAMS_PER_SESSION = 90;
/** What an upstream may have on its way to us before we read it: little, so that slow readers are seen to be slow. */
const WINDOW_BYTES = 256 * 1024;
const SESSION_WINDOW_BYTES = 16 * 1024 * 1024;

interface Pooled {
  readonly session: ClientHttp2Session;
  streams: number;
  draining: boolean;
}

export function createUpstream(target: UpstreamTarget): Upstream {
  const pool = new Set<Pooled>();
  const signsIn = target.token !== undefined || target.certificate !== undefined;

  function openSession(): Pooled {
    const session = connect(target.url, {
      ca: target.ca,
      ...(target.certificate ?? {}),
      settings: { initialWindowSize: WINDOW_BYTES },
    });
    const pooled: Pooled = { session, streams: 0, draining: false };
    session.on('connect', () => session.setLocalWindowSize(SESSION_WINDOW_BYTES));
    session.on('error', () => undefined);
    session.on('goaway', () => {
      pooled.draining = true;
    });
    session.on('close', () => pool.delete(pooled));
    pool.add(pooled);
    return pooled;
  }

  function sessionWithRoom(): Pooled {
    for (const pooled of pool) {
      const { session, streams, draining } = pooled;
      if (!draining && !session.destroyed && !session.closed && streams < STREAMS_PER_SESSION) return pooled;
    }
    return openSession();
  }

  return {
    signsIn,
    send({ method, path, headers, body, onStream }) {
      const pooled = sessionWithRoom();
      const stream = pooled.session.request(
        {
          ...(headers as Record<string, string | string[]>),
          ...(target.token === undefined ? {} : { authorization: `Bearer ${target.token}` }),
          ':method': method,
          ':path': path,
        },
        { endStream: body === undefined },
      );
      pooled.streams++;
      onStream(stream);
      return new Promise((resolve, reject) => {
        let cause: Error | undefined;
        stream.on('error', (error) => {
          cause = error;
        });
        stream.on('close', () => {
          pooled.streams--;
          reject(cause ?? new Error(`the upstream closed the stream with code ${stream.rstCode}`));
        });
        stream.on('response', (answered) => {
          const { [constants.HTTP2_HEADER_STATUS]: status = 0, ...rest } = answered;
          // Read from at once: what waits in a stream that nobody reads is thrown away when the stream is closed.
          const body = pipeline(stream, new PassThrough(), () => undefined);
          resolve({ status: Number(status), headers: rest as UpstreamAnswer['headers'], body });
        });
        body?.pipe(stream);
      });
    },
    close() {
      for (const { session } of pool) session.destroy();
    },
  };
}

interface Kubeconfig {
  readonly 'current-context'?: string;
  readonly contexts?: readonly { name: string; context: { cluster: string; user: string } }[];
  readonly clusters?: readonly { name: string; cluster: Record<string, string> }[];
  readonly users?: readonly { name: string; user: Record<string, string> }[];
}

/** What a context of a kubeconfig leads to: certificates and tokens, in it or in files. */
export function targetOf(source: UpstreamTarget | KubeconfigTarget): UpstreamTarget {
  if ('url' in source) return source;
  const config = parse(source.kubeconfig) as Kubeconfig;
  const name = source.context ?? config['current-context'];
  const context = config.contexts?.find((entry) => entry.name === name)?.context;
  const cluster = config.clusters?.find((entry) => entry.name === context?.cluster)?.cluster;
  if (cluster?.['server'] === undefined) throw new Error(`the kubeconfig has no context ${name}`);
  const user = config.users?.find((entry) => entry.name === context?.user)?.user ?? {};
  const cert = pem(user, 'client-certificate');
  const key = pem(user, 'client-key');
  return {
    url: cluster['server'],
    ca: pem(cluster, 'certificate-authority') ?? '',
    ...(user['token'] === undefined ? {} : { token: user['token'] }),
    ...(cert === undefined || key === undefined ? {} : { certificate: { cert, key } }),
  };
}

function pem(fields: Record<string, string>, name: string): string | undefined {
  const data = fields[`${name}-data`];
  if (data !== undefined) return Buffer.from(data, 'base64').toString();
  const file = fields[name];
  return file === undefined ? undefined : readFileSync(file, 'utf8');
}
