/** One request for a resource, and how its answers look. */
import { constants, gzipSync } from 'node:zlib';
import { ApiFailure, badRequest } from '../api/failure.ts';
import type { Status } from '../api/types.ts';
import type { Served } from '../kinds/types.ts';
import type { Target } from '../registry/types.ts';
import type { Caller, KubeObject } from '../types.ts';
import type { Exchange } from './exchange.ts';
import { type Form, MEDIA_TYPES, negotiate, negotiateStatus, negotiateStream, RESOURCE } from './negotiate.ts';
import type { ServerParts, TablePrinter } from './ports.ts';
import {
  document,
  protobufRepresentation,
  type Representation,
  statusDocument,
  textRepresentation,
} from './representation.ts';
import type { ResourcePath } from './request-path.ts';
import { type AnswerKind, type IncludeObject, metadataShape, plainShape, type Shape, tableShape } from './shapes.ts';
import { zips } from './stream-body.ts';
import type { Flusher, SharedFrames } from './watch-writer.ts';

/** What requests share. */
export interface Shared {
  flusher: Flusher;
  frames: SharedFrames;
  /** How to end each watch and followed log that is open. */
  streams: Set<() => void>;
}

export interface Call {
  parts: ServerParts;
  shared: Shared;
  exchange: Exchange;
  caller: Caller;
  path: ResourcePath;
  served: Served;
}

export function targetOf({ path, served }: Call, subresource: string = path.subresource): Target {
  return {
    resource: served.resource,
    version: served.version.version,
    namespace: served.resource.namespaced ? (path.namespace ?? '') : '',
    name: path.name,
    ...(subresource === '' ? {} : { subresource }),
  };
}

const groupVersion = (group: string, version: string) => (group === '' ? version : `${group}/${version}`);

/** What the path is about: the resource's kind, or that of its subresource. */
export function kindOf({ parts, served, path }: Call): AnswerKind & { group: string; version: string } {
  const { resource, version } = served;
  const own = { group: resource.group, version: version.version, kind: resource.kind };
  const about = version.subresources[path.subresource]?.kind ?? own;
  return {
    group: about.group,
    version: about.version,
    apiVersion: groupVersion(about.group, about.version),
    kind: about.kind,
    listKind: resource.listKind,
    custom: resource.origin === 'custom',
    convert: parts.converter(resource, version.version),
  };
}

/** The form of the answer by its Accept header; throws the 406. */
export function represent(call: Call, purpose: 'object' | 'list' | 'watch'): Representation {
  const { parts, exchange, served } = call;
  const kind = kindOf(call);
  const endpoint = {
    ...RESOURCE,
    protobuf: !kind.custom && parts.protobuf?.covers(kind.group, kind.version, kind.kind) === true,
    streams: purpose !== 'object',
    routed: !kind.custom,
  };
  const form = (purpose === 'watch' ? negotiateStream : negotiate)(exchange.wish, endpoint);
  const key = `${kind.apiVersion}/${kind.kind} ${form.media} ${form.transform?.kind ?? ''} ${form.transform?.version ?? ''}`;
  const shape = shapeOf(call, form, kind);
  if (form.media === 'protobuf' && parts.protobuf !== undefined) {
    const metadata =
      form.transform === undefined ? undefined : { groupVersion: groupVersion('meta.k8s.io', form.transform.version) };
    return protobufRepresentation(kind, parts.protobuf, metadata, shape, key);
  }
  return textRepresentation(shape, purpose === 'watch' ? { ...form, pretty: false } : form, key);

  function shapeOf({ path }: Call, { transform }: Form, about: AnswerKind): Shape {
    if (transform === undefined) return plainShape(about);
    const version = groupVersion('meta.k8s.io', transform.version);
    if (transform.kind !== 'Table') {
      const goKind = `${about.custom ? 'unstructured' : 'core'}.${about.kind}`;
      return metadataShape(version, transform.kind === 'PartialObjectMetadataList', goKind);
    }
    const include = includeObject(exchange.query);
    const isOwn = path.subresource === '' || about.kind === served.resource.kind;
    const isScale = about.kind === 'Scale' && !about.custom && served.resource.origin === 'builtin';
    const printer = isOwn
      ? parts.table(served.resource, served.version.version)
      : isScale
        ? parts.table({ ...served.resource, id: 'scales.autoscaling' }, served.version.version)
        : NAME_AND_AGE;
    return tableShape(about, version, include, printer);
  }
}

/** How kinds without a printer print (`rest.NewDefaultTableConvertor`). */
const NAME_AND_AGE: TablePrinter = {
  columns: [
    { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 },
    { name: 'Created At', type: 'date', format: '', description: '', priority: 0 },
  ],
  row: (object) => ({ cells: [object.metadata.name, object.metadata.creationTimestamp ?? null] }),
};

function includeObject(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject') ?? '';
  if (value === '' || value === 'Metadata') return 'Metadata';
  if (value === 'None' || value === 'Object') return value;
  const why = `Invalid value: ${JSON.stringify(value)}: must be 'Metadata', 'Object', 'None', or empty`;
  throw badRequest(`Unable to convert to Table as requested: includeObject: ${why}`);
}

/** One object, or a Status in its place. */
export function answerObject(call: Call, representation: Representation, code: number, object: KubeObject): void {
  if (object.kind === 'Status' && object.apiVersion === 'v1') {
    answerStatusObject(call.exchange, code, object);
    return;
  }
  const headers = { 'content-type': representation.contentType };
  const body = representation.whole(object);
  const packs = call.exchange.method === 'GET' && zips(call.exchange, body.length);
  if (packs) Object.assign(headers, { 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
  call.exchange.answer(code, headers, packs ? gzipSync(body, { level: constants.Z_BEST_SPEED }) : body);
}

/** A success that is told as a Status. */
export function answerStatusObject(exchange: Exchange, code: number, status: object): void {
  const form = negotiateStatus(exchange.wish);
  // A Status by its kind; a failure is built as one, and registries give no other.
  const body = form.media === 'protobuf' ? statusDocument(status as Status, form) : document(status, form);
  exchange.answer(code, { 'content-type': MEDIA_TYPES[form.media] }, body);
}

export function answerFailure(exchange: Exchange, status: Status, refused: boolean): void {
  const form = negotiateStatus(exchange.wish);
  const after = status.details?.retryAfterSeconds;
  exchange.answer(
    status.code ?? 500,
    {
      'content-type': MEDIA_TYPES[form.media],
      ...(refused ? { 'x-content-type-options': 'nosniff' } : {}),
      ...(after === undefined || after === 0 ? {} : { 'retry-after': String(after) }),
    },
    statusDocument(status, form),
  );
}

export function noSuchResource(): ApiFailure {
  return new ApiFailure(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function methodNotAllowed(): ApiFailure {
  return new ApiFailure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}

/** The words of Go's own mux. */
export function answerNoPage(exchange: Exchange): void {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
  exchange.answer(404, headers, '404 page not found\n');
}
