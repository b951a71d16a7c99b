/** Every request to an API server goes through here: guard, credentials, retries, limits. */
import { abortReason } from '../../kernel/async.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ApiRequest } from '../../kernel/vocabulary.ts';
import type { ClusterConnection, Credentials } from '../connection.ts';
import { parseApiRequest } from './api-request.ts';
import { decodedBody, firstBytes, isGzip, wholeText } from './body.ts';
import { createClusterWire } from './cluster-wire.ts';
import type { ClientCertificate } from './dial.ts';
import { errorFromResponse } from './errors.ts';
import { lostConnection } from './failures.ts';
import type { H2Timings } from './h2-session.ts';
import { type Lifetime, startLifetime } from './lifetime.ts';
import { checkCallerHeaders, checkImpersonation, requestHeaders, upgradeHeaders } from './request-headers.ts';
import { MAX_THROTTLE_RETRIES, pause, throttleDelay } from './retry.ts';
import { MAX_STATUS_BYTES } from './status.ts';
import type { Transport, TransportRequest, TransportResponse, TransportUpgrade, UpgradeRequest } from './types.ts';
import { exchangeUpgrade, type Switched } from './upgrade.ts';
import { DeadConnection, type Wire, type WireHeaders, type WireResponse } from './wire.ts';

interface TransportTimings extends H2Timings {
  /** For requests that name no idle time-out of their own. */
  idleTimeoutMs: number;
}

export interface TransportOptions {
  /** `k8s-mcp/<version>`. */
  userAgent?: string;
  timings?: Partial<TransportTimings>;
  clock?: Clock;
  /** 0 to 1, for jitter. */
  random?: () => number;
}

const DEFAULT_TIMINGS: TransportTimings = {
  idleTimeoutMs: 30_000,
  connectTimeoutMs: 10_000,
  pingIntervalMs: 30_000,
  pingTimeoutMs: 15_000,
  sessionIdleMs: 300_000,
};
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
/** Repeats of a request that the server certainly did not process (GOAWAY, REFUSED_STREAM). */
const MAX_UNPROCESSED_RETRIES = 3;

/** The transport to one cluster as one identity. Connects at the first request; idle connections do not keep the process alive. */
export function createTransport(connection: ClusterConnection, options: TransportOptions = {}): Transport {
  const { userAgent = 'k8s-mcp', clock = systemClock, random = Math.random } = options;
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  const { context } = connection;
  const basePath = connection.server.pathname.replace(/\/+$/, '');
  const lives = new Set<Lifetime>();
  let link: { certificate: ClientCertificate | undefined; wire: Wire } | undefined;
  let closed = false;

  /** A changed client certificate needs new connections; the old ones end with their last request. */
  const wireFor = ({ clientCertificate: certificate }: Credentials): Wire => {
    if (closed) throw closing(context);
    if (
      link === undefined ||
      link.certificate?.cert !== certificate?.cert ||
      link.certificate?.key !== certificate?.key
    ) {
      link?.wire.retire();
      link = { certificate, wire: createClusterWire({ connection, clientCertificate: certificate, clock, timings }) };
    }
    return link.wire;
  };

  const begin = ({ signal, idleMs }: CheckedRequest): Lifetime => {
    if (signal.aborted) throw abortReason(signal);
    const life = startLifetime(signal, { clock, idleMs, context, onEnd: () => lives.delete(life) });
    lives.add(life);
    return life;
  };

  const exchange = async (request: CheckedRequest, credentials: Credentials): Promise<TransportResponse> => {
    const { method, body, maxBytes } = request;
    const headers = requestHeaders(request, connection, credentials.headers, userAgent);
    for (let attempt = 0; ; attempt++) {
      const life = begin(request);
      try {
        const path = basePath + request.path;
        const sent = { method, path, headers, body, signal: life.signal, onSent: life.awaitBytes };
        const answer = await wireFor(credentials).exchange(sent);
        return received(method === 'HEAD' ? withoutEncoding(answer) : answer, life, { maxBytes, context });
      } catch (thrown) {
        const ended = life.signal.aborted;
        life.end();
        if (ended) throw life.signal.reason;
        if (!(thrown instanceof DeadConnection)) throw thrown;
        if (!mayRepeat(thrown, method, attempt)) throw lostConnection(thrown.cause, context);
      }
    }
  };

  const switchOver = async (request: CheckedRequest, credentials: Credentials, switching: WireHeaders) => {
    if (closed) throw closing(context);
    const life = begin(request);
    try {
      const { method, maxBytes } = request;
      const anything = { ...request, headers: { accept: '*/*', ...request.headers } };
      const outcome = await exchangeUpgrade({
        connection,
        clientCertificate: credentials.clientCertificate,
        method,
        path: basePath + request.path,
        // The API server answers 406 to a port-forward that would accept JSON only.
        headers: { ...requestHeaders(anything, connection, credentials.headers, userAgent), ...switching },
        clock,
        connectTimeoutMs: timings.connectTimeoutMs,
        life,
      });
      return 'stream' in outcome ? outcome : received(outcome, life, { maxBytes, context });
    } catch (thrown) {
      life.end();
      throw thrown;
    }
  };

  /** Repeats once after a 401, with fresh credentials, and a few times after 429 and 503. `Other`: an outcome that is no plain answer. */
  const persist = async <Other extends Switched>(
    { signal, api }: CheckedRequest,
    attempt: (credentials: Credentials) => Promise<TransportResponse | Other>,
  ): Promise<TransportResponse | Other> => {
    let refreshed = false;
    for (let throttled = 0; ; ) {
      const credentials = await connection.credentials.current(signal);
      const answer = await attempt(credentials);
      if (!isAnswer(answer)) return answer;
      if (answer.status === 401 && !refreshed) {
        refreshed = true;
        const kept = await withoutConnection(answer);
        if (await connection.credentials.refresh(credentials.generation, signal)) continue;
        return kept;
      }
      const delay = throttleDelay(answer.status, answer.headers['retry-after'], api, random);
      if (delay !== undefined && throttled < MAX_THROTTLE_RETRIES) {
        throttled++;
        await withoutConnection(answer);
        await pause(delay, clock, signal);
        continue;
      }
      if (answer.status >= 300 && answer.status < 400) throw await failure(answer, api);
      return answer;
    }
  };

  const send = (request: CheckedRequest) => persist<never>(request, (credentials) => exchange(request, credentials));

  const upgrade = async (request: UpgradeRequest): Promise<TransportUpgrade> => {
    const { headers, switching } = upgradeHeaders(request);
    const checked = check(request, Number.POSITIVE_INFINITY, headers);
    const outcome = await persist<Switched>(checked, (credentials) => switchOver(checked, credentials, switching));
    return 'stream' in outcome ? { kind: 'switched', ...outcome } : { kind: 'refused', response: outcome };
  };

  const failure = async ({ status, headers, body }: TransportResponse, api: ApiRequest) =>
    errorFromResponse(status, headers, await firstBytes(body, MAX_STATUS_BYTES), { context, api });

  /** The guard: nothing is sent, no credentials are asked for, before policy has seen what the URL means. */
  const check = (request: TransportRequest, maxBytes: number, headers = request.headers): CheckedRequest => {
    const { method, path, scope, signal, impersonate } = request;
    checkCallerHeaders(headers);
    const api = parseApiRequest(method, path, request.headers ?? {}, request.body);
    const decision = scope.decide(api);
    if (!decision.allow) throw new AppError(decision.code, decision.reason, { remedy: decision.remedy });
    checkImpersonation(request, connection);
    const body = typeof request.body === 'string' ? Buffer.from(request.body) : request.body;
    const idleMs = request.idleTimeoutMs ?? timings.idleTimeoutMs;
    return {
      method,
      path,
      signal,
      api,
      body,
      maxBytes,
      idleMs,
      ...(headers !== undefined && { headers }),
      ...(impersonate !== undefined && { impersonate }),
      ...(request.unpacked && { unpacked: true }),
    };
  };

  const text = async (request: TransportRequest): Promise<string> => {
    const checked = check(request, request.maxBytes ?? DEFAULT_MAX_BYTES);
    const answer = await send(checked);
    if (answer.status >= 300) throw await failure(answer, checked.api);
    return wholeText(answer.body);
  };

  return {
    send: async (request) => send(check(request, request.maxBytes ?? Number.POSITIVE_INFINITY)),
    text,
    json: async (request) => parsed(await text(request), context),
    upgrade,
    async close() {
      closed = true;
      for (const life of lives) life.end(closing(context));
      link?.wire.destroy();
    },
  };
}

/** A request that policy has allowed. */
interface CheckedRequest
  extends Pick<TransportRequest, 'method' | 'path' | 'headers' | 'signal' | 'impersonate' | 'unpacked'> {
  api: ApiRequest;
  body: Uint8Array | undefined;
  maxBytes: number;
  idleMs: number;
}

function isAnswer(outcome: TransportResponse | Switched): outcome is TransportResponse {
  return 'status' in outcome;
}

function mayRepeat({ unprocessed }: DeadConnection, method: string, attempt: number): boolean {
  return unprocessed ? attempt < MAX_UNPROCESSED_RETRIES : (method === 'GET' || method === 'HEAD') && attempt === 0;
}

function received(
  response: WireResponse,
  life: Lifetime,
  limits: { maxBytes: number; context: string },
): TransportResponse {
  const { status, headers } = response;
  // The idle time runs on until someone reads: an answer that nobody wants must not hold its connection.
  life.awaitBytes();
  const { 'content-encoding': encoding, 'content-length': _length, ...rest } = headers;
  return { status, headers: isGzip(encoding) ? rest : headers, body: decodedBody(response, life, limits) };
}

/** An answer to HEAD names the encoding of a body that it does not have. */
function withoutEncoding(answer: WireResponse): WireResponse {
  const { 'content-encoding': _encoding, ...headers } = answer.headers;
  return { ...answer, headers };
}

/** The same answer with its (capped) body in memory, so that its connection is free. */
async function withoutConnection({ status, headers, body }: TransportResponse): Promise<TransportResponse> {
  const text = await firstBytes(body, MAX_STATUS_BYTES);
  return { status, headers, body: bytesOf(text) };
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

function parsed(text: string, context: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('cluster_bad_answer', `Cluster "${context}" answered with text that is not JSON.`, {
      remedy: 'Check the server address of this context: it may be a login page or a load balancer.',
    });
  }
}

function closing(context: string): AppError {
  return new AppError('cancelled', `The connection to cluster "${context}" is closed.`);
}
