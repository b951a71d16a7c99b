/** Lists and watches over the store, as the real server answers them. */
import type { Clock } from '../../src/kernel/clock.ts';
import type { Kinds } from '../kinds/types.ts';
import type { Store, Version } from '../store/types.ts';
import { ApiFailure, expired } from './failure.ts';
import { readPath } from './field-labels.ts';
import { list, namespaceOf } from './list.ts';
import { parseRevision, type ReadOptions, readOptions, tooLarge } from './read-options.ts';
import type { Reader, Scope, WatchQuery, WatchSink } from './types.ts';
import { Watch, type WatchLimits, type WatchPlan } from './watch.ts';

export interface ReaderParts {
  store: Store;
  clock: Clock;
  kinds: Kinds;
  /** [0, 1): how long a watch lives that does not say. */
  random?: () => number;
  /** Such a watch lives so many seconds at least and up to twice as many; 1800 as in the real server. */
  minWatchSeconds?: number;
  /**
   * Events that a receiver may be behind before its watch is ended. The real server allows 10 to 1000, and what the buffers of
   * its connections hold besides; here a burst is written in one go.
   */
  watchBacklog?: number;
  /** Between bookmarks; a minute as in the real server. */
  bookmarkMs?: number;
}

const CRDS = 'customresourcedefinitions.apiextensions.k8s.io';

export function createReader(parts: ReaderParts): Reader {
  const { store, clock, kinds, random = () => 0.5, minWatchSeconds = 1800 } = parts;
  const limits: WatchLimits = { backlog: parts.watchBacklog ?? 10_000, bookmarkMs: parts.bookmarkMs ?? 60_000 };
  const watches = new Map<Watch, Scope>();

  // A custom kind that goes takes its watches with it.
  kinds.onChange(() => {
    for (const [watch, { resource, version }] of watches) {
      if (kinds.byPath(resource.group, version, resource.plural) === undefined) watch.end();
    }
  });

  function optionsOf(scope: Scope, query: WatchQuery, watch: boolean): ReadOptions {
    return readOptions(scope, query, watch, selectableFields(store, scope));
  }

  function timeoutMs({ timeoutSeconds }: ReadOptions): number {
    const seconds = timeoutSeconds === 0 ? minWatchSeconds * (1 + random()) : timeoutSeconds;
    return seconds * 1000;
  }

  function watch(scope: Scope, query: WatchQuery, sink: WatchSink): () => void {
    const options = optionsOf(scope, query, true);
    const revision = parseRevision(options.resourceVersion, (problem) => new ApiFailure(500, '', problem));
    const begins = options.sendInitialEvents === true;
    if (begins && revision > store.revision) return fails(sink, tooLarge(options.resourceVersion, store.revision));
    const timeout = timeoutMs(options);
    if (timeout < 0) {
      sink.end();
      return () => undefined;
    }
    const namespace = namespaceOf(scope, options);
    const bookmarks = query.allowWatchBookmarks === true;
    const plan: WatchPlan = {
      resource: scope.resource.id,
      namespace,
      labels: options.labels,
      fields: options.fields,
      initial: begins ? initialOf(store, scope, namespace, options) : undefined,
      markInitial: begins && bookmarks,
      after: begins || revision === 0 ? store.revision : revision,
      bookmarks,
      timeoutMs: timeout,
    };
    const started = new Watch({ store, clock, limits, sink, onEnd: () => watches.delete(started) }, plan);
    watches.set(started, scope);
    const answer = started.start();
    if (answer.kind === 'compacted') {
      started.stop();
      return fails(sink, expired(`too old resource version: ${revision} (${answer.oldest})`));
    }
    return () => started.stop();
  }

  return { list: (scope, query) => list(store, scope, optionsOf(scope, query, false)), watch };
}

/** What is wrong once a watch was accepted is told in its stream. */
function fails(sink: WatchSink, failure: ApiFailure): () => void {
  sink.send({ type: 'ERROR', status: failure.status });
  sink.end();
  return () => undefined;
}

function initialOf(
  store: Store,
  { resource }: Scope,
  namespace: string | undefined,
  { fields }: ReadOptions,
): readonly Version[] {
  if (fields.name === undefined || (resource.namespaced && namespace === undefined)) {
    return store.list(resource.id, namespace);
  }
  const version = store.get(resource.id, namespace ?? '', fields.name);
  return version === undefined ? [] : [version];
}

/** The paths of `selectableFields` at the served version, as the CRD that is stored has them. */
function selectableFields(store: Store, { resource, version }: Scope): readonly string[] {
  if (resource.origin === 'builtin') return [];
  const versions = readPath(store.get(CRDS, '', resource.id)?.body.object(), 'spec.versions');
  if (!Array.isArray(versions)) return [];
  const served: unknown = versions.find((candidate) => readPath(candidate, 'name') === version);
  const fields = readPath(served, 'selectableFields');
  if (!Array.isArray(fields)) return [];
  return fields.map((field) => readPath(field, 'jsonPath')).filter((path) => typeof path === 'string');
}
