import { createClock } from '../clock.ts';
import { createKinds } from '../kinds/create-kinds.ts';
import { createStore } from '../store/create-store.ts';
import type { KubeObject } from '../types.ts';
import { createReader } from './create-reader.ts';
import { ApiFailure } from './failure.ts';
import type { ListQuery, Scope, Status, WatchFrame, WatchQuery } from './types.ts';

/** A reader over a store and a clock of its own, and what tests do with them. */
export function bed(options: { watchBacklog?: number } = {}) {
  const clock = createClock('still', 0);
  const store = createStore({ startRevision: 100 });
  const kinds = createKinds();
  const reader = createReader({ store, clock, kinds, ...options });
  const scopeOf = (id: string, namespace?: string): Scope => {
    const resource = kinds.byId(id);
    if (resource === undefined) throw new Error(`no kind ${id}`);
    return { resource, version: resource.storageVersion, ...(namespace === undefined ? {} : { namespace }) };
  };
  const put = (id: string, namespace: string, name: string, rest: Record<string, unknown> = {}) => {
    const { metadata, ...fields } = rest as { metadata?: object };
    const object: KubeObject = {
      apiVersion: 'v1',
      kind: id,
      metadata: { name, ...(namespace === '' ? {} : { namespace }), ...metadata },
      ...fields,
    };
    return store.put({ resource: id, object });
  };
  /** Pods a..f in two namespaces at 101..106. */
  const fill = () => {
    for (const [index, name] of ['a', 'b', 'c', 'd', 'e', 'f'].entries()) {
      put('pods', index < 4 ? 'one' : 'two', name, { metadata: { labels: { odd: `${index % 2 === 1}` } } });
    }
  };
  const list = (query: ListQuery, scope = scopeOf('pods')) => {
    const { versions, ...answer } = reader.list(scope, query);
    return { ...answer, names: versions.map(({ name }) => name).join('') };
  };
  const refusal = (query: ListQuery, scope = scopeOf('pods')): Status => {
    try {
      reader.list(scope, query);
    } catch (error) {
      if (error instanceof ApiFailure) return error.status;
      throw error;
    }
    throw new Error('not refused');
  };
  const watch = (query: WatchQuery, scope = scopeOf('pods')) => {
    const frames: string[] = [];
    const statuses: Status[] = [];
    const stop = reader.watch(scope, query, {
      send(frame) {
        if (frame.type === 'ERROR') statuses.push(frame.status);
        frames.push(told(frame));
        return true;
      },
      end: () => void frames.push('end'),
    });
    return { frames, statuses, stop };
  };
  return { clock, store, kinds, reader, scopeOf, put, fill, list, refusal, watch };
}

/** A frame as tests compare it. */
export function told(frame: WatchFrame): string {
  if (frame.type === 'ERROR') return `ERROR ${frame.status.code} ${frame.status.message}`;
  if (frame.type === 'BOOKMARK') return `BOOKMARK ${frame.resourceVersion}${frame.initialEventsEnd ? ' initial' : ''}`;
  return `${frame.type} ${frame.version.name} ${frame.version.body.object().metadata.resourceVersion}`;
}
