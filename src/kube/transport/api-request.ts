/**
 * What a request asks of an API server, read from its method, URL and headers the way the server's own RequestInfo reads them
 * (k8s.io/apiserver/pkg/endpoints/request/requestinfo.go). Whatever two readers could understand in two ways is refused.
 */
import type { ApiRequest, ResourceRequest, Verb } from '../../kernel/vocabulary.ts';
import { pathSegments, queryParameters, refused, splitTarget } from './request-target.ts';

/** Subresources of a Namespace object; any other word after the namespace's name is a resource inside it. */
const NAMESPACE_SUBRESOURCES = new Set(['status', 'finalize']);
/** Subresources that open a connection to a workload: the server ignores dryRun on them. */
const CONNECTS = new Set(['exec', 'attach', 'portforward', 'proxy']);
const VERBS: Readonly<Record<string, Verb>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};
const METHOD = /^[A-Z]{3,16}$/;
const APPLY = /^application\/apply-patch\+/;

/** Headers by name, in any case. */
export type RequestHeaders = Readonly<Record<string, string>>;

/**
 * Reads one request. Throws AppError `unsupported_request` for whatever is ambiguous.
 * `body` matters for DELETE only: there the server reads DeleteOptions from a body and then ignores the query, `dryRun` included.
 */
export function parseApiRequest(
  method: string,
  path: string,
  headers: RequestHeaders,
  body?: string | Uint8Array,
): ApiRequest {
  if (!METHOD.test(method)) throw refused('its method is not an upper-case word');
  const target = splitTarget(path);
  const { segments, trailingSlash } = pathSegments(target.path);
  const query = queryParameters(target.query);
  const address = resourceAddress(segments);
  if (address === undefined) return { type: 'nonResource', method, path: '/' + segments.join('/') };
  if (trailingSlash && address.subresource !== 'proxy') throw refused('its path ends with a slash');
  return resourceRequest(method, address, { query, headers, body });
}

interface Address {
  group: string;
  version: string;
  legacyWatch: boolean;
  namespace?: string;
  resource: string;
  name?: string;
  subresource?: string;
}

/** The parts of `/api/v1/…` and `/apis/group/version/…`; undefined for every other path, discovery included. */
function resourceAddress(segments: readonly string[]): Address | undefined {
  const [root, ...rest] = segments;
  const groupLength = root === 'api' ? 0 : root === 'apis' ? 1 : undefined;
  if (groupLength === undefined || rest.length < groupLength + 2) return undefined;
  const group = groupLength === 0 ? '' : (rest[0] ?? '');
  const version = rest[groupLength] ?? '';
  let parts = rest.slice(groupLength + 1);
  if (parts[0] === 'proxy') throw refused('the /proxy/ prefix is not served any more');
  const legacyWatch = parts[0] === 'watch';
  if (legacyWatch) parts = parts.slice(1);
  let namespace: string | undefined;
  if (parts[0] === 'namespaces' && parts[2] !== undefined && !NAMESPACE_SUBRESOURCES.has(parts[2])) {
    namespace = parts[1];
    parts = parts.slice(2);
  }
  const [resource, name, subresource] = parts;
  if (resource === undefined) throw refused('its path names no resource');
  return {
    group,
    version,
    legacyWatch,
    resource,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
  };
}

interface Rest {
  query: ReadonlyMap<string, string>;
  headers: RequestHeaders;
  body: string | Uint8Array | undefined;
}

function resourceRequest(method: string, address: Address, { query, headers, body }: Rest): ResourceRequest {
  const { legacyWatch, ...parts } = address;
  const verb = verbOf(method, address, query);
  const fieldSelector = query.get('fieldSelector');
  const name = address.name ?? (verb === 'list' || verb === 'watch' ? selectedName(fieldSelector) : undefined);
  const apply = verb === 'patch' && APPLY.test(header(headers, 'content-type').trim().toLowerCase());
  return {
    type: 'resource',
    verb,
    ...parts,
    ...(name !== undefined && { name }),
    dryRun: !CONNECTS.has(address.subresource ?? '') && isDryRun(verb, query, body),
    ...(apply && { apply }),
    ...(wantsUpgrade(headers) && { upgrade: true }),
    ...(fieldSelector !== undefined && { fieldSelector }),
  };
}

function verbOf(method: string, address: Address, query: ReadonlyMap<string, string>): Verb {
  const verb = VERBS[method];
  if (verb === undefined) throw refused(`no API verb belongs to the method ${method}`);
  if (address.legacyWatch) {
    if (verb !== 'get') throw refused('the /watch/ prefix is for GET only');
    return 'watch';
  }
  if (address.name !== undefined) return verb;
  if (verb === 'get') return isTrue(query.get('watch')) ? 'watch' : 'list';
  return verb === 'delete' ? 'deletecollection' : verb;
}

/** As the server converts a boolean parameter: all but absent, `false` and `0` is true, the empty string too. */
function isTrue(value: string | undefined): boolean {
  return value !== undefined && value.toLowerCase() !== 'false' && value !== '0';
}

function isDryRun(verb: Verb, query: ReadonlyMap<string, string>, body: string | Uint8Array | undefined): boolean {
  const inQuery = query.get('dryRun') === 'All';
  if ((verb !== 'delete' && verb !== 'deletecollection') || body === undefined || body.length === 0) return inQuery;
  const inBody = bodySaysDryRun(body);
  if (inQuery && !inBody) {
    throw refused(
      'it has dryRun=All in the query but not in its DeleteOptions body, and the server reads only the body',
    );
  }
  return inBody;
}

function bodySaysDryRun(body: string | Uint8Array): boolean {
  try {
    const text = typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true }).decode(body);
    // A repeated or differently spelt key could be read in another way by the server: then it does not count.
    if (text.match(/"dryRun"/gi)?.length !== 1 || /\\u/i.test(text)) return false;
    const options: unknown = JSON.parse(text);
    if (typeof options !== 'object' || options === null || !('dryRun' in options)) return false;
    const { dryRun } = options;
    return Array.isArray(dryRun) && dryRun.length === 1 && dryRun[0] === 'All';
  } catch {
    return false;
  }
}

/** The X of one `metadata.name=X` term, which the server treats as the request's name. */
function selectedName(fieldSelector: string | undefined): string | undefined {
  if (fieldSelector === undefined || fieldSelector.includes('\\')) return undefined;
  const names = fieldSelector.split(',').flatMap((term) => /^metadata\.name={1,2}([^=!/%]+)$/.exec(term)?.[1] ?? []);
  return names.length === 1 && names[0] !== '.' && names[0] !== '..' ? names[0] : undefined;
}

function wantsUpgrade(headers: RequestHeaders): boolean {
  const connection = header(headers, 'connection').toLowerCase();
  return header(headers, 'upgrade') !== '' || connection.split(',').some((token) => token.trim() === 'upgrade');
}

function header(headers: RequestHeaders, name: string): string {
  const values = Object.entries(headers).filter(([key]) => key.toLowerCase() === name);
  if (values.length > 1) throw refused(`the header ${name} is there more than once`);
  return values[0]?.[1] ?? '';
}
