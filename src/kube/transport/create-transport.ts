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
import { checkCallerHeaders, requestHeaders } from './request-headers.ts';
import { MAX_THROTTLE_RETRIES, pause, throttleDelay } from './retry.ts';
import { MAX_STATUS_BYTES } from './status.ts';
import type { Transport, TransportRequest, TransportResponse } from './types.ts';
import { DeadConnection, type Wire, type WireResponse } from './wire.ts';

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

  const exchange = async (request: CheckedRequest, credentials: Credentials): Promise<TransportResponse> => {
    const { method, body, signal, maxBytes, idleMs } = request;
    const headers = requestHeaders(request, connection, credentials.headers, userAgent);
    for (let attempt = 0; ; attempt++) {
      if (signal.aborted) throw abortReason(signal);
      const life = startLifetime(signal, { clock, idleMs, context, onEnd: () => lives.delete(life) });
      lives.add(life);
      try {
        const path = basePath + request.path;
        const sent = { method, path, headers, body, signal: life.signal, onSent: life.awaitBytes };
        return received(await wireFor(credentials).exchange(sent), life, { maxBytes, context });
      } catch (thrown) {
        const ended = life.signal.aborted;
        life.end();
        if (ended) throw life.signal.reason;
        if (!(thrown instanceof DeadConnection)) throw thrown;
        if (!mayRepeat(thrown, method, attempt)) throw lostConnection(thrown.cause, context);
      }
    }
  };

  const send = async (request: CheckedRequest): Promise<TransportResponse> => {
    const { signal, api } = request;
    let refreshed = false;
    for (let throttled = 0; ; ) {
      const credentials = await connection.credentials.current(signal);
      const answer = await exchange(request, credentials);
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

  const failure = async ({ status, headers, body }: TransportResponse, api: ApiRequest) =>
    errorFromResponse(status, headers, await firstBytes(body, MAX_STATUS_BYTES), { context, api });

  const text = async (request: TransportRequest): Promise<string> => {
    const checked = check(request, request.maxBytes ?? DEFAULT_MAX_BYTES, timings);
    const answer = await send(checked);
    if (answer.status >= 300) throw await failure(answer, checked.api);
    return wholeText(answer.body);
  };

  return {
    send: async (request) => send(check(request, request.maxBytes ?? Number.POSITIVE_INFINITY, timings)),
    text,
    json: async (request) => parsed(await text(request), context),
    async close() {
      closed = true;
      for (const life of lives) life.end(closing(context));
      link?.wire.destroy();
    },
  };
}

/** A request that policy has allowed. */
interface CheckedRequest extends Pick<TransportRequest, 'method' | 'path' | 'headers' | 'signal'> {
  api: ApiRequest;
  body: Uint8Array | undefined;
  maxBytes: number;
  idleMs: number;
}

/** The guard: nothing is sent, no credentials are asked for, before policy has seen what the URL means. */
function check(request: TransportRequest, maxBytes: number, timings: TransportTimings): CheckedRequest {
  const { method, path, headers, scope, signal } = request;
  checkCallerHeaders(headers);
  const api = parseApiRequest(method, path, headers ?? {}, request.body);
  const decision = scope.decide(api);
  if (!decision.allow) throw new AppError(decision.code, decision.reason, { remedy: decision.remedy });
  const body = typeof request.body === 'string' ? Buffer.from(request.body) : request.body;
  const idleMs = request.idleTimeoutMs ?? timings.idleTimeoutMs;
  return { method, path, signal, api, body, maxBytes, idleMs, ...(headers !== undefined && { headers }) };
}

function mayRepeat({ unprocessed }: DeadConnection, method: string, attempt: number): boolean {
  return unprocessed ? attempt < MAX_UNPROCESSED_RETRIES : method === 'GET' && attempt === 0;
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
