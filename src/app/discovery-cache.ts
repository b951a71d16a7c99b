import { abortable } from '../kernel/async.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';

/** A document that says what a server serves, and in which form. */
export interface DiscoveryDocument {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

export interface DiscoveryAsk {
  /** Path and query as the child sent them. */
  path: string;
  accept: string;
  /** True where what was answered before may be too old for the asker, who asks again. */
  again: boolean;
  signal: AbortSignal;
  /** Asks the server; with an ETag, `unchanged` where it still holds. Not bound to `signal`: others may wait for it too. */
  fetch(path: string, etag: string | undefined, signal: AbortSignal): Promise<DiscoveryDocument | 'unchanged'>;
}

/** Discovery documents of one cluster handle. */
export interface DiscoveryCache {
  /** The document, from memory while it is fresh. */
  answer(ask: DiscoveryAsk): Promise<DiscoveryDocument>;
  /** What is served changes: nothing is fresh for a while. */
  forget(): void;
}

export interface DiscoveryCachesOptions {
  clock?: Clock;
  /** Bytes over all handles. */
  maxBytes?: number;
}

const MAX_BYTES = 32 * 1024 * 1024;
/** A document is answered without asking for this long, ms. */
const FRESH_MS = 10_000;
/** A new custom kind is served seconds after its definition was written: so long every answer is asked for anew, ms. */
const CHANGING_MS = 30_000;
/** One fetch, ms: an aggregated API that is down takes the server up to 30 s. */
const FETCH_MS = 45_000;

/** Paths whose answers are kept. */
const KEPT = /^\/(?:api|apis(?:\/[^/]+){0,2}|api\/[^/]+|openapi\/v[23](?:\/[^?]*)?|version)$/;
/** Say how to ask, not what for: `hash` makes a server answer a redirect where it is old. */
const WITHOUT_MEANING = /^(?:timeout|hash)=/;

interface Entry {
  document: DiscoveryDocument;
  checkedAt: number;
}

/** The documents of all handles, bounded together; the least recently used ones go first. */
export function createDiscoveryCaches({ clock = systemClock, maxBytes = MAX_BYTES }: DiscoveryCachesOptions = {}) {
  // In order of use, by handle, path and accept.
  const entries = new Map<string, Entry>();
  const running = new Map<string, Promise<DiscoveryDocument>>();
  const changing = new Map<string, number>();
  let bytes = 0;

  const drop = (key: string): void => {
    bytes -= entries.get(key)?.document.body.length ?? 0;
    entries.delete(key);
  };
  const keep = (key: string, entry: Entry): void => {
    drop(key);
    // One document may not push all others out.
    if (entry.document.body.length > maxBytes / 2) return;
    entries.set(key, entry);
    bytes += entry.document.body.length;
    for (const oldest of entries.keys()) {
      if (bytes <= maxBytes) break;
      drop(oldest);
    }
  };

  const isFresh = (handle: string, { checkedAt }: Entry): boolean => {
    const now = clock.monotonic();
    return now - checkedAt < FRESH_MS && now >= (changing.get(handle) ?? 0);
  };

  const read = async (key: string, path: string, { fetch }: DiscoveryAsk): Promise<DiscoveryDocument> => {
    const known = entries.get(key);
    const checkedAt = clock.monotonic();
    const answer = await fetch(path, known?.document.headers['etag'], AbortSignal.timeout(FETCH_MS));
    if (answer === 'unchanged' && known !== undefined) {
      keep(key, { ...known, checkedAt });
      return known.document;
    }
    if (answer === 'unchanged') throw new Error('a document that was not there is said to be unchanged');
    if (answer.status === 200) keep(key, { document: answer, checkedAt });
    else drop(key);
    return answer;
  };

  const start = (key: string, path: string, ask: DiscoveryAsk): Promise<DiscoveryDocument> => {
    const shared = read(key, path, ask).finally(() => {
      if (running.get(key) === shared) running.delete(key);
    });
    // Everyone who waits may have left.
    shared.catch(() => {});
    running.set(key, shared);
    return shared;
  };

  const of = (handle: string): DiscoveryCache => ({
    answer(ask) {
      const path = meaningOf(ask.path);
      const key = `${handle}\n${path}\n${ask.accept}`;
      const known = entries.get(key);
      if (known !== undefined && !ask.again && isFresh(handle, known)) {
        entries.delete(key);
        entries.set(key, known);
        return Promise.resolve(known.document);
      }
      return abortable(running.get(key) ?? start(key, path, ask), ask.signal);
    },
    forget() {
      const prefix = `${handle}\n`;
      for (const key of entries.keys()) if (key.startsWith(prefix)) drop(key);
      // What is being fetched may have been written before the change.
      for (const key of running.keys()) if (key.startsWith(prefix)) running.delete(key);
      for (const [other, until] of changing) if (until < clock.monotonic()) changing.delete(other);
      changing.set(handle, clock.monotonic() + CHANGING_MS);
    },
  });
  return { of };
}

/** Whether the answer to this path is kept. */
export function isDiscovery(path: string): boolean {
  return KEPT.test(meaningOf(path).split('?', 1)[0] ?? '');
}

/** The path without what does not change the answer. */
function meaningOf(target: string): string {
  const mark = target.indexOf('?');
  if (mark < 0) return target;
  const path = target.slice(0, mark);
  const query = target.slice(mark + 1);
  const kept = query.split('&').filter((pair) => pair !== '' && !WITHOUT_MEANING.test(pair));
  return kept.length === 0 ? path : `${path}?${kept.join('&')}`;
}
