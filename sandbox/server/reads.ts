/** GET, LIST and WATCH. */
import { ApiFailure, notServed } from '../api/failure.ts';
import type { ListQuery, Scope, WatchFrame, WatchQuery } from '../api/types.ts';
import { storageId } from '../registry/versions/storage.ts';
import type { KubeObject } from '../types.ts';
import { answerObject, type Call, represent, targetOf } from './call.ts';
import type { Outlet } from './exchange.ts';
import { openStream } from './open-stream.ts';
import { flag, integer, pick } from './query.ts';
import { sendPieces } from './stream-body.ts';
import { createWatchWriter, type WatchWriter } from './watch-writer.ts';

const LIST_KEYS = [
  'labelSelector',
  'fieldSelector',
  'limit',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'timeoutSeconds',
  'sendInitialEvents',
] as const;
const WATCH_KEYS = [
  'labelSelector',
  'fieldSelector',
  'limit',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'timeoutSeconds',
  'sendInitialEvents',
] as const;

export function getObject(call: Call): void {
  const representation = represent(call, 'object');
  checkResourceVersion(call);
  answerObject(call, representation, 200, call.parts.registry.get(targetOf(call)));
}

/** A read at a version that is yet to come: 504, after the three seconds that the real server waits. */
function checkResourceVersion({ exchange, parts }: Call): void {
  const asked = exchange.query.get('resourceVersion') ?? '';
  if (asked === '') return;
  const quoted = JSON.stringify(asked);
  if (!/^[0-9]+$/.test(asked)) {
    const why = `strconv.ParseUint: parsing ${quoted}: invalid syntax`;
    const failure = new ApiFailure(500, '', `resourceVersion: Invalid value: ${quoted}: ${why}`);
    delete failure.status.reason;
    throw failure;
  }
  const current = parts.store.revision;
  if (BigInt(asked) <= BigInt(current)) return;
  throw new ApiFailure(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

export function scopeOf({ path, served }: Call): Scope {
  const namespace = served.resource.namespaced ? path.namespace : undefined;
  const { resource } = served;
  const id = storageId(resource.id);
  return {
    resource: id === resource.id ? resource : { ...resource, id },
    version: served.version.version,
    ...(namespace ? { namespace } : {}),
  };
}

export function listQuery(call: Call): ListQuery {
  const { exchange } = call;
  for (const number of ['limit', 'timeoutSeconds']) integer(exchange.query, number);
  return inStoredFields(call, pick(exchange.query, LIST_KEYS));
}

/** Events of events.k8s.io are kept as those of the core group, where the same fields have other names. */
function inStoredFields<Q extends { fieldSelector?: string }>({ served }: Call, query: Q): Q {
  if (served.resource.id !== 'events.events.k8s.io' || query.fieldSelector === undefined) return query;
  const fieldSelector = query.fieldSelector
    .replace(/(^|,) *regarding\./g, '$1involvedObject.')
    .replace(/(^|,) *reportingController/g, '$1reportingComponent');
  return { ...query, fieldSelector };
}

export async function listObjects(call: Call): Promise<void> {
  const { exchange, parts } = call;
  const representation = represent(call, 'list');
  const answer = parts.reader.list(scopeOf(call), listQuery(call));
  const headers = { 'content-type': representation.contentType };
  await sendPieces(exchange, 200, headers, representation.list(answer));
}

export function watchObjects(call: Call): void {
  const { exchange, parts, shared, path } = call;
  if (/websocket/i.test(exchange.header('upgrade') ?? '')) throw notServed('watches over WebSocket');
  const representation = represent(call, 'watch');
  integer(exchange.query, 'timeoutSeconds');
  const query: WatchQuery = {
    ...inStoredFields(call, pick(exchange.query, WATCH_KEYS)),
    ...(flag(exchange.query, 'allowWatchBookmarks') ? { allowWatchBookmarks: true } : {}),
    ...(path.name === '' ? {} : { fieldSelector: `metadata.name=${path.name}` }),
  };
  let writer: WatchWriter | undefined;
  let first = true;
  const bytesOf = (frame: WatchFrame) => {
    const form = representation.sharedAs;
    const encode = () => representation.frame(frame, first);
    return form === undefined || !('version' in frame)
      ? encode()
      : shared.frames.get(frame.version, `${frame.type} ${form}`, encode);
  };
  const finish = (outlet: Outlet) => {
    writer ??= createWatchWriter(outlet, shared.flusher);
    writer.end();
  };
  openStream(call, representation.streamType, finish, (stream) =>
    parts.reader.watch(scopeOf(call), query, {
      send(frame) {
        if (stream.over) return false;
        try {
          const bytes = bytesOf(frame);
          first = false;
          writer ??= createWatchWriter(stream.outlet(), shared.flusher);
          return writer.push(bytes);
        } catch (thrown) {
          // Whoever sends is in the middle of a write: it is this watch that fails, not the write.
          if (!(thrown instanceof ApiFailure)) parts.onError?.(thrown);
          stream.end();
          return false;
        }
      },
      whenWritable(ready) {
        if (writer === undefined) ready();
        else writer.whenWritable(ready);
      },
      end: stream.end,
    }),
  );
}

/** The pod that a subresource is about. */
export function parentOf(call: Call): KubeObject {
  const { subresource: _subresource, ...target } = targetOf(call);
  return call.parts.registry.get(target);
}
