/** From a request to its answer: who asks, whether they may, and which part of the server answers. */
import { ApiFailure, badRequest, notServed } from '../api/failure.ts';
import type { Caller } from '../types.ts';
import { admitCaller, Refused } from './access.ts';
import { answerFailure, answerNoPage, methodNotAllowed, type Shared } from './call.ts';
import { createDocumentRoutes } from './documents.ts';
import type { Exchange } from './exchange.ts';
import { serveHealth } from './health.ts';
import type { Peer } from './peer.ts';
import type { RequestFacts, ServerParts } from './ports.ts';
import { document } from './representation.ts';
import { readPath } from './request-path.ts';
import { serveResource } from './resource-routes.ts';
import { createFlusher, createSharedFrames } from './watch-writer.ts';

export interface Dispatcher {
  handle(exchange: Exchange, peer: Peer): Promise<void>;
  /** `127.0.0.1:PORT`, which legacy discovery names. */
  setAddress(address: string): void;
  /** Watches and followed logs end as if their time was over. */
  endStreams(): void;
}

export function createDispatcher(parts: ServerParts): Dispatcher {
  const shared: Shared = { flusher: createFlusher(), frames: createSharedFrames(), streams: new Set() };
  const documents = createDocumentRoutes(parts);
  let address = '';

  async function serve(exchange: Exchange, peer: Peer): Promise<void> {
    if (peer.kind === 'invalid') throw new ApiFailure(401, 'Unauthorized', 'Unauthorized');
    const path = readPath(exchange.path);
    if (path === undefined) throw badRequest('the path of the request is not valid percent-encoding');
    const caller = admitCaller(parts, factsOf(exchange, peer), exchange, path);
    if (path.kind === 'resource') return serveResource({ parts, shared, exchange, caller, path });
    if (await documents.serve(exchange, path.path, address)) return;
    await serveOther(exchange, path.path, caller);
  }

  async function serveOther(exchange: Exchange, path: string, caller: Caller): Promise<void> {
    if (serveHealth(exchange, path)) return;
    const bare = path.replace(/\/+$/, '');
    if (bare === '/version' && exchange.method !== 'GET' && exchange.method !== 'HEAD') throw methodNotAllowed();
    if (bare === '/version') return answerJson(exchange, 200, parts.version, true);
    if (bare === '') return answerJson(exchange, 200, { paths: pathsOf(parts) }, true);
    if (path.startsWith('/sandbox/')) return serveAdmin(exchange, path.slice('/sandbox/'.length), caller);
    if (bare === '/metrics') throw notServed('/metrics');
    if (bare === '/.well-known/openid-configuration' || bare === '/openid/v1/jwks') {
      throw notServed('service account issuer discovery');
    }
    answerNoPage(exchange);
  }

  async function serveAdmin(exchange: Exchange, path: string, caller: Caller): Promise<void> {
    const bytes = await exchange.readBody();
    let body: unknown;
    if (bytes.length > 0) {
      try {
        body = JSON.parse(bytes.toString());
      } catch {
        throw badRequest('the body is not JSON');
      }
    }
    const answer = await parts.admin({ method: exchange.method, path, query: exchange.query, body, caller });
    if (answer === undefined) return answerNoPage(exchange);
    answerJson(exchange, answer.status, answer.body, false);
  }

  return {
    async handle(exchange, peer) {
      try {
        await serve(exchange, peer);
      } catch (thrown) {
        if (!(thrown instanceof ApiFailure)) parts.onError?.(thrown);
        // The head of an answer that failed half-way has gone out: it was cut where it failed.
        if (exchange.started || exchange.closed) return;
        const failure = thrown instanceof ApiFailure ? thrown : internal(thrown);
        answerFailure(exchange, failure.status, failure instanceof Refused);
      }
    },
    setAddress(known) {
      address = known;
    },
    endStreams() {
      for (const end of [...shared.streams]) end();
    },
  };
}

function factsOf(exchange: Exchange, peer: Peer): RequestFacts {
  const authorization = exchange.header('authorization');
  return {
    ...(authorization === undefined ? {} : { authorization }),
    ...(peer.kind === 'certificate'
      ? { certificate: { commonName: peer.commonName, organizations: peer.organizations, sha256: peer.sha256 } }
      : {}),
  };
}

function answerJson(exchange: Exchange, code: number, value: unknown, pretty: boolean): void {
  const body = document(typeof value === 'object' && value !== null ? value : { value }, { media: 'json', pretty });
  exchange.answer(code, { 'content-type': 'application/json' }, body);
}

function internal(thrown: unknown): ApiFailure {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return new ApiFailure(500, 'InternalError', `Internal error occurred: ${why}`, {
    causes: [{ reason: '', message: why }],
  });
}

function pathsOf({ kinds }: ServerParts): string[] {
  const paths = new Set(['/api', '/apis', '/healthz', '/livez', '/openapi/v2', '/openapi/v3', '/readyz', '/version']);
  for (const { group, versions } of kinds.all()) {
    if (group !== '') paths.add(`/apis/${group}`);
    for (const { version } of versions) paths.add(group === '' ? `/api/${version}` : `/apis/${group}/${version}`);
  }
  return [...paths].sort();
}
