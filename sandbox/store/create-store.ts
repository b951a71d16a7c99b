/** The MVCC log in memory. Everything is synchronous; what it hands out is never changed afterwards. */
import type { Clock } from '../../src/kernel/clock.ts';
import { frozen } from '../json-value.ts';
import type { KubeObject, ResourceId } from '../types.ts';
import { type EncodeProtobuf, heldBody, restamped } from './held-body.ts';
import { History } from './history.ts';
import { Past } from './past.ts';
import { SortedVersions } from './sorted-versions.ts';
import type { Body, LogEvent, Snapshot, Store, Subscription, Version, Write } from './types.ts';

export interface StoreOptions {
  /** The resourceVersion of the empty store; the first write has the next one. */
  startRevision?: number;
  /** Compacts on its own so that at least this many of the latest events are kept, of all resources together. */
  keepEvents?: number;
  /** Compacts every `everyMs` to the revision of one interval before, as the real server does (every 5 minutes). */
  compaction?: { clock: Clock; everyMs: number };
  /** For tests: objects are frozen as they come in, so that whoever changes a shared one is found out. */
  freezes?: boolean;
  /** How the objects of a resource become protobuf; undefined where they do not. */
  encodeProtobuf?: (resource: ResourceId) => EncodeProtobuf | undefined;
}

interface Subscriber {
  namespace: string | undefined;
  /** The last revision that it was shown, or asked to leave out. */
  seen: number;
  onEvent: (event: LogEvent) => void;
  stopped: boolean;
}

interface Table {
  versions: SortedVersions;
  history: History;
  past: Past;
  /** What was handed out and still holds, by namespace; undefined stands for all. */
  views: Map<string | undefined, readonly Version[]>;
  subscribers: Set<Subscriber>;
}

const NO_LABELS: Readonly<Record<string, string>> = Object.freeze({});

/** How far the history may outgrow `keepEvents` before it is cut: a compaction looks at every resource. */
const OVERGROWN = 1.25;

export function createStore(options: StoreOptions = {}): Store {
  const { keepEvents, compaction, encodeProtobuf, freezes = false } = options;
  const tables = new Map<ResourceId, Table>();
  let revision = options.startRevision ?? 1;
  let compactedRevision = revision;
  /** Events that wait until those before them were shown to all: a subscriber may write while it is shown one. */
  const unshown: { table: Table; event: LogEvent }[] = [];
  let showing = false;

  function tableOf(resource: ResourceId): Table {
    let table = tables.get(resource);
    if (table === undefined) {
      table = {
        versions: new SortedVersions(),
        history: new History(),
        past: new Past(),
        views: new Map(),
        subscribers: new Set(),
      };
      tables.set(resource, table);
    }
    return table;
  }

  function bodyOf(resource: ResourceId, object: KubeObject): Body {
    return heldBody(freezes ? frozen(object) : object, encodeProtobuf?.(resource));
  }

  function view(table: Table, namespace: string | undefined): readonly Version[] {
    let versions = table.views.get(namespace);
    if (versions === undefined) {
      versions = table.versions.toArray(namespace);
      table.views.set(namespace, versions);
    }
    return versions;
  }

  /** What was handed out of a scope no longer holds once `event` has happened. */
  function endViews({ views, past }: Table, { version }: LogEvent): void {
    if (views.size === 0) return;
    for (const namespace of [undefined, version.namespace]) {
      const ended = views.get(namespace);
      if (ended === undefined) continue;
      past.keep(namespace, version.revision, ended);
      views.delete(namespace);
    }
  }

  function happened(table: Table, event: LogEvent): void {
    endViews(table, event);
    table.history.push(event);
    if (keepEvents !== undefined && revision - compactedRevision > keepEvents * OVERGROWN) {
      compact(revision - keepEvents);
    }
    if (table.subscribers.size > 0) unshown.push({ table, event });
    if (!showing) showAll();
  }

  function showAll(): void {
    if (unshown.length === 0) return;
    showing = true;
    try {
      for (let at = 0; at < unshown.length; at++) {
        const next = unshown[at];
        if (next === undefined) break;
        for (const subscriber of next.table.subscribers) show(subscriber, next.event);
      }
    } finally {
      unshown.length = 0;
      showing = false;
    }
  }

  function commit(table: Table, version: Version): Version {
    const previous = table.versions.put(version);
    happened(table, previous === undefined ? { type: 'ADDED', version } : { type: 'MODIFIED', version, previous });
    return version;
  }

  function put({ resource, object }: Write): Version {
    const { metadata } = object;
    revision++;
    metadata.resourceVersion = String(revision);
    return commit(tableOf(resource), {
      resource,
      namespace: metadata.namespace ?? '',
      name: metadata.name,
      uid: metadata.uid ?? '',
      revision,
      labels: metadata.labels ?? NO_LABELS,
      body: bodyOf(resource, object),
    });
  }

  function putBody(given: Omit<Version, 'revision' | 'body'>, makeBody: (revision: number) => Body): Version {
    const { resource, namespace, name, uid, labels } = given;
    const next = revision + 1;
    const body = makeBody(next);
    revision = next;
    return commit(tableOf(resource), { resource, namespace, name, uid, revision, labels, body });
  }

  function remove(resource: ResourceId, namespace: string, name: string, last?: KubeObject): Version | undefined {
    const table = tableOf(resource);
    const previous = table.versions.remove(namespace, name);
    if (previous === undefined) return undefined;
    revision++;
    if (last !== undefined) last.metadata.resourceVersion = String(revision);
    const version: Version = {
      resource,
      namespace,
      name,
      uid: previous.uid,
      revision,
      labels: last === undefined ? previous.labels : (last.metadata.labels ?? NO_LABELS),
      body: last === undefined ? restamped(previous.body, revision) : bodyOf(resource, last),
    };
    happened(table, { type: 'DELETED', version, previous });
    return version;
  }

  function at(resource: ResourceId, namespace: string | undefined, asked: number): Snapshot {
    if (asked > revision) return { kind: 'future', current: revision };
    if (asked < compactedRevision) return { kind: 'compacted', oldest: compactedRevision };
    const table = tableOf(resource);
    const versions = table.past.at(table.history, namespace, asked, () => view(table, namespace));
    return { kind: 'ok', revision: asked, versions };
  }

  function subscribe(
    scope: { resource: ResourceId; namespace?: string },
    afterRevision: number,
    onEvent: (event: LogEvent) => void,
  ): Subscription {
    if (afterRevision > revision) return { kind: 'future', current: revision };
    if (afterRevision < compactedRevision) return { kind: 'compacted', oldest: compactedRevision };
    const table = tableOf(scope.resource);
    const { history, subscribers } = table;
    const subscriber: Subscriber = { namespace: scope.namespace, seen: afterRevision, onEvent, stopped: false };
    for (let index = history.after(afterRevision); !subscriber.stopped; ) {
      const event = history.at(index);
      if (event === undefined) break;
      show(subscriber, event);
      // What it did meanwhile may have moved the history on, or compacted it.
      index = history.after(event.version.revision);
    }
    subscribers.add(subscriber);
    return {
      kind: 'ok',
      stop() {
        subscriber.stopped = true;
        subscribers.delete(subscriber);
      },
    };
  }

  function compact(upTo: number = revision): void {
    const target = Math.min(upTo, revision);
    if (target <= compactedRevision) return;
    compactedRevision = target;
    for (const { history, past } of tables.values()) {
      history.compact(target);
      past.compact(target);
    }
  }

  if (compaction !== undefined) {
    const { clock, everyMs } = compaction;
    let before = revision;
    const tick = () => {
      compact(before);
      before = revision;
      clock.after(everyMs, tick);
    };
    clock.after(everyMs, tick);
  }

  return {
    get revision() {
      return revision;
    },
    get compactedRevision() {
      return compactedRevision;
    },
    get: (resource, namespace, name) => tables.get(resource)?.versions.get(namespace, name),
    list: (resource, namespace) => view(tableOf(resource), namespace),
    count: (resource, namespace) => tables.get(resource)?.versions.count(namespace) ?? 0,
    at,
    put,
    putBody,
    remove,
    subscribe,
    compact,
  };
}

function show(subscriber: Subscriber, event: LogEvent): void {
  const { version } = event;
  if (subscriber.stopped || version.revision <= subscriber.seen) return;
  subscriber.seen = version.revision;
  if (subscriber.namespace === undefined || subscriber.namespace === version.namespace) subscriber.onEvent(event);
}
