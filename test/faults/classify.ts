/** What a request is about, as Kubernetes sees it. */
import { readPath } from '../../sandbox/server/request-path.ts';
import type { Match, Verb } from './plan.ts';

export interface Facts {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly verb: Verb;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** Of a list: which page, from 1. Otherwise 0. */
  readonly page: number;
  readonly accept: string;
  /** Undefined: none was sent. */
  readonly bearer: string | undefined;
  readonly protocol: 'h1' | 'h2';
}

const WRITES: Readonly<Record<string, readonly [Verb, Verb]>> = {
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  PATCH: ['patch', 'patch'],
  DELETE: ['delete', 'deletecollection'],
};

interface Head {
  readonly method: string;
  readonly url: string;
  readonly accept: string | undefined;
  readonly authorization: string | undefined;
  readonly protocol: 'h1' | 'h2';
}

/** `pageOf` knows the pages of lists: by where they are and the token they continue from. */
export function classify(head: Head, pageOf: (collection: string, token: string) => number): Facts {
  const { method, url, accept = '', authorization = '', protocol } = head;
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  const bearer = /^bearer (.*)$/i.exec(authorization)?.[1];
  const rest = { method, path, query, accept, bearer, protocol };
  const read = readPath(path);
  if (read === undefined || read.kind === 'other') {
    const verb: Verb = /^\/(api|apis|openapi)(\/|$)/.test(path) ? 'discovery' : 'other';
    return { ...rest, verb, group: '', version: '', resource: '', subresource: '', namespace: '', name: '', page: 0 };
  }
  const { group, version, resource, subresource, name, namespace = '' } = read;
  const watches = read.watch || ['true', '1', ''].includes(query.get('watch') ?? 'no');
  const reads: Verb = watches && subresource === '' ? 'watch' : name === '' ? 'list' : 'get';
  const verb = WRITES[method]?.[name === '' ? 1 : 0] ?? reads;
  const page = verb === 'list' ? pageOf(collectionKey(path, query), query.get('continue') ?? '') : 0;
  return { ...rest, verb, group, version, resource, subresource, namespace, name, page };
}

/** One collection as a client selects from it. */
export function collectionKey(path: string, query: URLSearchParams): string {
  return `${path}?${query.get('labelSelector') ?? ''}&${query.get('fieldSelector') ?? ''}`;
}

export function matches(match: Match, facts: Facts): boolean {
  const { verb, path, initialEvents, accept, bearer, page, protocol, ...same } = match;
  if (verb !== undefined && !(typeof verb === 'string' ? [verb] : verb).includes(facts.verb)) return false;
  if (path !== undefined && !facts.path.startsWith(path)) return false;
  if (initialEvents !== undefined && initialEvents !== (facts.query.get('sendInitialEvents') === 'true')) return false;
  if (accept !== undefined && !facts.accept.includes(accept)) return false;
  if (bearer !== undefined && bearer !== facts.bearer) return false;
  if (page !== undefined && page !== facts.page) return false;
  if (protocol !== undefined && protocol !== facts.protocol) return false;
  return Object.entries(same).every(([key, value]) => facts[key as keyof typeof same] === value);
}
