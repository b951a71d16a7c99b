/** The smallest client that gets over recoverable faults, and one that does not: what random plans are tried on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { createRawClient, type RawAnswer, type RawClient, type Whole } from './raw-client.ts';

export interface Errand {
  readonly url: string;
  readonly ca: string;
  /** Of the collection. */
  readonly path: string;
  /** Watched from here, where there was nothing, to there. */
  readonly since: number;
  readonly until: number;
  /** The mistake: goes on after a line that it does not understand. */
  readonly skipsBadLines: boolean;
}

/** Names and versions: as listed in pages, and as watched. */
export interface Seen {
  readonly listed: Record<string, string>;
  readonly watched: Record<string, string>;
}

const TRIES = 200;
/**
 * A watchdog: so many pauses without a line end a stream. In pauses, as whoever is silent lives in this process: a busy machine that takes
 * the process aside makes nobody silent.
 */
const SILENT_PAUSES = 50;
const PAUSE_MS = 5;

interface Item {
  metadata: { name: string; resourceVersion: string };
}

export async function runErrand(errand: Errand): Promise<Seen> {
  let client: RawClient | undefined;
  const connected = async () => {
    client ??= await createRawClient(errand);
    return client;
  };
  const hangUp = async () => {
    await client?.close();
    client = undefined;
  };
  /** Until it succeeds, on a new connection each time. */
  async function insist<T>(attempt: (raw: RawClient) => Promise<T | undefined>): Promise<T> {
    for (let tries = 0; tries < TRIES; tries++) {
      const done = await connected()
        .then(attempt)
        .catch(() => undefined);
      if (done !== undefined) return done;
      await hangUp();
      await sleep(PAUSE_MS);
    }
    throw new Error('the client gave up');
  }
  try {
    const listed = await insist((raw) => list(raw, errand.path));
    const state = { objects: new Map<string, string>(), version: errand.since };
    await insist((raw) => watch(raw, errand, state));
    return { listed, watched: Object.fromEntries(state.objects) };
  } finally {
    await hangUp();
  }
}

async function list(raw: RawClient, path: string): Promise<Record<string, string> | undefined> {
  const found: Record<string, string> = {};
  for (let token = ''; ; ) {
    const answer = await patient(raw.ask(`${path}?limit=2${token && `&continue=${token}`}`));
    if (answer?.status !== 200 || answer.end !== 'clean') return undefined;
    const page: { items: Item[]; metadata: { continue?: string } } = JSON.parse(textOf(answer));
    for (const { metadata } of page.items) found[metadata.name] = metadata.resourceVersion;
    if (page.metadata.continue === undefined) return found;
    token = page.metadata.continue;
  }
}

const textOf = ({ headers, body }: Whole) =>
  (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();

/** True once all is seen. A 410 begins again, which here leads to the same events. */
async function watch(
  raw: RawClient,
  { path, since, until, skipsBadLines }: Errand,
  state: { objects: Map<string, string>; version: number },
): Promise<true | undefined> {
  const answer = raw.open(`${path}?watch=1&allowWatchBookmarks=true&resourceVersion=${state.version}`);
  const head = await patient(answer.head);
  if (head?.status !== 200) {
    if (head?.status === 410) restart();
    answer.cancel();
    return undefined;
  }
  for (;;) {
    const event = await nextEvent(answer);
    if (event === 'bad' && skipsBadLines) continue;
    if (event === 'expired') restart();
    if (typeof event === 'string') {
      answer.cancel();
      return undefined;
    }
    const { name, resourceVersion } = event.object.metadata;
    if (event.type === 'DELETED') state.objects.delete(name);
    else state.objects.set(name, resourceVersion);
    state.version = Number(resourceVersion);
    if (state.version < until) continue;
    answer.cancel();
    return true;
  }

  function restart(): void {
    state.objects.clear();
    state.version = since;
  }
}

type Next = { type: string; object: Item } | 'ended' | 'bad' | 'expired';

async function nextEvent(answer: RawAnswer): Promise<Next> {
  const line = await patient(answer.line());
  if (line === undefined) return 'ended';
  let event: { type: string; object: Item & { code?: number } };
  try {
    event = JSON.parse(line);
  } catch {
    return 'bad';
  }
  if (event.type === 'ERROR') return event.object.code === 410 ? 'expired' : 'ended';
  return ['ADDED', 'MODIFIED', 'DELETED'].includes(event.type) ? event : 'ended';
}

function patient<T>(work: Promise<T>): Promise<T | undefined> {
  let done = false;
  const settled = () => {
    done = true;
  };
  work.then(settled, settled);
  const silence = async () => {
    for (let pause = 0; pause < SILENT_PAUSES && !done; pause++) await sleep(PAUSE_MS);
    return undefined;
  };
  return Promise.race([work, silence()]);
}
