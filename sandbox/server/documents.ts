/** Discovery and OpenAPI: made once for each state of what is served. */
import { createHash } from 'node:crypto';
import { ApiFailure } from '../api/failure.ts';
import { answerNoPage, methodNotAllowed, noSuchResource } from './call.ts';
import type { Exchange } from './exchange.ts';
import { DISCOVERY, MEDIA_TYPES, negotiate, parseAccept } from './negotiate.ts';
import type { Document, ServerParts } from './ports.ts';
import { bytesField } from './protobuf-wire.ts';
import { document } from './representation.ts';
import { sendPieces } from './stream-body.ts';

interface Kept {
  body: Buffer;
  etag: string;
}

export interface DocumentRoutes {
  /** False: no path of these. */
  serve(exchange: Exchange, path: string, serverAddress: string): Promise<boolean>;
}

export function createDocumentRoutes({ documents, kinds }: Pick<ServerParts, 'documents' | 'kinds'>): DocumentRoutes {
  let generation = -1;
  const kept = new Map<string, Kept | undefined>();

  function keep(key: string, make: () => Document | undefined): Kept | undefined {
    if (generation !== kinds.generation) {
      kept.clear();
      generation = kinds.generation;
    }
    if (!kept.has(key)) {
      const made = make();
      const body = made === undefined || Buffer.isBuffer(made) ? made : Buffer.from(JSON.stringify(made));
      kept.set(key, body && { body, etag: etagOf(body) });
    }
    return kept.get(key);
  }

  async function discovery(exchange: Exchange, key: string, make: () => Document | undefined): Promise<void> {
    const found = keep(key, make);
    if (found === undefined) {
      if (key.startsWith('/api/') || isBuiltinGroup(key.split('/')[2] ?? '')) throw noSuchResource();
      return answerNoPage(exchange);
    }
    const form = negotiate(exchange.wish, { ...DISCOVERY, protobuf: false });
    const headers = { 'content-type': MEDIA_TYPES[form.media] };
    const plain = form.media === 'json' && !form.pretty;
    const body = plain ? [found.body, Buffer.from('\n')] : [document(JSON.parse(found.body.toString()), form)];
    await sendPieces(exchange, 200, headers, body);
  }

  const isBuiltinGroup = (group: string) => kinds.all().some((one) => one.group === group && one.origin === 'builtin');

  async function root(exchange: Exchange, name: 'api' | 'apis', legacy: () => Document): Promise<void> {
    const form = aggregatedForm(exchange);
    if (form === undefined) return discovery(exchange, `/${name}`, legacy);
    const found = keep(`${name} ${form}`, () => documents.aggregated(name, form));
    const type = `application/json;g=apidiscovery.k8s.io;v=${form};as=APIGroupDiscoveryList`;
    if (found !== undefined) await sendTagged(exchange, found, { 'content-type': type, vary: 'Accept' });
  }

  async function openapi(exchange: Exchange, path: string): Promise<void> {
    const v3 = path.startsWith('/openapi/v3/') ? path.slice('/openapi/v3/'.length) : undefined;
    const found = keep(path, () => {
      if (path === '/openapi/v2') return documents.openapiV2();
      return v3 === undefined ? documents.openapiV3Index() : documents.openapiV3(v3);
    });
    if (found === undefined) return exchange.answer(404, {}, '');
    if (path === '/openapi/v2' && !takesJson(exchange) && (exchange.wish.accept ?? '').includes(OPENAPI_V2_PROTOBUF)) {
      exchange.answer(200, { 'content-type': OPENAPI_V2_PROTOBUF.replace('@', '.'), vary: 'Accept' }, emptyOpenapiV2());
      return;
    }
    if (!takesJson(exchange)) {
      throw new ApiFailure(406, 'NotAcceptable', 'only the following media types are accepted: application/json');
    }
    await sendTagged(exchange, found, { 'content-type': 'application/json', vary: 'Accept' });
  }

  return {
    async serve(exchange, given, serverAddress) {
      const path = given.length > 1 ? given.replace(/\/+$/, '') : given;
      const parts = path.split('/').slice(1);
      const [first, group = '', version = ''] = parts;
      if (first === 'openapi' && (path === '/openapi/v2' || path === '/openapi/v3' || group === 'v3')) {
        await openapi(exchange, path);
        return true;
      }
      if ((first !== 'api' && first !== 'apis') || parts.length > (first === 'api' ? 2 : 3)) return false;
      if (exchange.method !== 'GET') throw methodNotAllowed();
      if (parts.length === 1) {
        await (first === 'api'
          ? root(exchange, 'api', () => documents.apiVersions(serverAddress))
          : root(exchange, 'apis', () => documents.groupList()));
      } else if (first === 'api') await discovery(exchange, path, () => documents.resourceList('', group));
      else if (parts.length === 2) await discovery(exchange, path, () => documents.group(group));
      else await discovery(exchange, path, () => documents.resourceList(group, version));
      return true;
    },
  };
}

/** As asked for; the answer says `.` for `@`, which no media type may have. */
const OPENAPI_V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

/**
 * gnostic's `openapi.v2.Document` that knows no paths: swagger 1, info 2 (title 1, version 2). kubectl asks for it about kinds that
 * version 3 does not know either, and goes on from there.
 */
function emptyOpenapiV2(): Buffer {
  const info = Buffer.concat([bytesField(1, 'Kubernetes'), bytesField(2, 'unversioned')]);
  return Buffer.concat([bytesField(1, '2.0'), bytesField(2, info)]);
}

/** The first clause that can be met decides; protobuf is none of ours. */
function aggregatedForm({ wish }: Exchange): 'v2' | 'v2beta1' | undefined {
  for (const { type, subtype, params } of parseAccept(wish.accept ?? '')) {
    const json = type === '*' || (type === 'application' && (subtype === '*' || subtype === 'json'));
    if (!json) continue;
    if (!params.has('as') && !params.has('g') && !params.has('v')) return undefined;
    const version = params.get('v');
    const asked = params.get('as') === 'APIGroupDiscoveryList' && params.get('g') === 'apidiscovery.k8s.io';
    if (asked && (version === 'v2' || version === 'v2beta1')) return version;
  }
  return undefined;
}

function takesJson({ wish }: Exchange): boolean {
  if (!wish.accept) return true;
  return parseAccept(wish.accept).some(({ type, subtype }) => {
    return type === '*' || (type === 'application' && (subtype === '*' || subtype === 'json'));
  });
}

async function sendTagged(exchange: Exchange, { body, etag }: Kept, headers: Record<string, string>): Promise<void> {
  const known = (exchange.header('if-none-match') ?? '').split(',').some((one) => one.trim() === etag);
  if (known) return exchange.answer(304, { etag, vary: headers['vary'] ?? 'Accept' }, '');
  await sendPieces(exchange, 200, { ...headers, etag }, [body]);
}

/** As the real server makes them: SHA-512, upper case, quoted. */
function etagOf(body: Buffer): string {
  return `"${createHash('sha512').update(body).digest('hex').toUpperCase()}"`;
}
