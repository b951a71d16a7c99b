/** The requests that list and watch are. */
import { resourcePath } from '../client/paths.ts';
import { withQuery } from '../client/query.ts';
import type { ListParameters, WatchParameters, WatchTarget } from './types.ts';

export type Encoding = 'json' | 'protobuf';

const JSON_TYPE = 'application/json';
export const PROTOBUF_TYPE = 'application/vnd.kubernetes.protobuf';

export function listPath(target: WatchTarget, { limit, continue: token, notOlderThan }: ListParameters): string {
  const path = resourcePath(target.resource, { namespace: target.namespace });
  // A version beside a continue token is an error to the server: the token holds its own.
  const version = token === undefined ? notOlderThan : undefined;
  return withQuery(path, {
    limit: limit > 0 ? limit : undefined,
    continue: token,
    resourceVersion: version,
    resourceVersionMatch: version === undefined ? undefined : 'NotOlderThan',
  });
}

export function watchPath(target: WatchTarget, parameters: WatchParameters): string {
  const path = resourcePath(target.resource, { namespace: target.namespace });
  return withQuery(path, {
    watch: 1,
    resourceVersion: parameters.resourceVersion,
    allowWatchBookmarks: true,
    timeoutSeconds: parameters.timeoutSeconds,
    sendInitialEvents: parameters.initialEvents,
    resourceVersionMatch: parameters.initialEvents && 'NotOlderThan',
  });
}

/** JSON is always taken too: a server that knows no protobuf for a kind then need not refuse. */
export function acceptHeader(depth: WatchTarget['depth'], what: 'list' | 'watch', encoding: Encoding): string {
  const types = encoding === 'json' ? [JSON_TYPE] : [PROTOBUF_TYPE, JSON_TYPE];
  if (depth === 'object') return types.join(',');
  const as = what === 'list' ? 'PartialObjectMetadataList' : 'PartialObjectMetadata';
  // Servers that know no PartialObjectMetadata send whole objects.
  return [...types.map((type) => `${type};as=${as};v=v1;g=meta.k8s.io`), JSON_TYPE].join(',');
}
