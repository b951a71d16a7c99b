/** LIST and WATCH over a transport: requests, encodings, limits, and every failure as a WireError. */
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { isTurnOver, nextTurn } from '../../kernel/turns.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { coversProtobuf } from '../protobuf/object-decoder.ts';
import type { CallScope, Transport, TransportResponse } from '../transport/types.ts';
import { createDecoders } from './encodings.ts';
import { contentType, isDamage, statusFailure, wireError } from './failures.ts';
import { createHabits, type Habits } from './habits.ts';
import { MAX_PAGE_BYTES, Malformed } from './malformed.ts';
import { checkItem, checkList, eventMaker, objectMaker } from './objects.ts';
import { acceptHeader, type Encoding, listPath, PROTOBUF_TYPE, watchPath } from './request.ts';
import { createServerClock, isSignOfLife, type ServerClock } from './server-clock.ts';
import {
  type ListPage,
  type WatchEvent,
  type WatchParameters,
  type WatchTarget,
  type Wire,
  WireError,
} from './types.ts';

export interface WireOptions {
  clock?: Clock;
  /** `auto`: protobuf for kinds that have a form in it, JSON for others and wherever a server does not take it. Default `auto`. */
  encoding?: 'auto' | 'json';
  /** Told of each answer's Date; one of its own where it is not given. */
  serverClock?: ServerClock;
}

/** Not Acceptable, Unsupported Media Type. */
const NOT_THAT_ENCODING: ReadonlySet<number> = new Set([406, 415]);
/** ms. A list may wait in the API server's queue (priority and fairness) for about 40 s before its first byte. */
const LIST_SILENCE_MS = 90_000;
/** ms beyond its own time-out that a watch may be silent. */
const WATCH_MARGIN_MS = 15_000;
/** Events of one batch. */
const MAX_BATCH = 256;
/** The wire to one cluster as one identity. What it learns of the cluster's habits it keeps. */
export function createWire(transport: Transport, scope: CallScope, options: WireOptions = {}): Wire {
  const { clock = systemClock, encoding: allowed = 'auto' } = options;
  const serverClock = options.serverClock ?? createServerClock(clock);
  const habits = createHabits();
  const decoders = createDecoders();

  const preferred = (target: WatchTarget): Encoding =>
    allowed === 'auto' && !habits.speaksJson(target) && coversProtobuf(target) ? 'protobuf' : 'json';

  /** The answer, once it is one with status 200. */
  const ask = async (
    target: WatchTarget,
    request: { path: string; what: 'list' | 'watch'; idleTimeoutMs: number; signal: AbortSignal },
  ): Promise<{ response: TransportResponse; encoding: Encoding }> => {
    const { path, what, idleTimeoutMs, signal } = request;
    const wanted = preferred(target);
    const response = await transport.send({
      method: 'GET',
      path,
      headers: { accept: acceptHeader(target.depth, what, wanted) },
      scope,
      signal,
      idleTimeoutMs,
      ...(what === 'list' && { maxBytes: MAX_PAGE_BYTES }),
      ...(habits.wantsUnpacked(target) && { unpacked: true }),
    });
    serverClock.hear(response.headers);
    if (isSignOfLife(response.status)) serverClock.lives();
    if (response.status === 200) return { response, encoding: encodingOf(response) };
    const failure = await statusFailure(response);
    if (wanted === 'json' || !NOT_THAT_ENCODING.has(response.status)) throw new WireError(failure);
    habits.useJson(target);
    return ask(target, request);
  };

  /** Protobuf that cannot be read may be of a newer or another server than ours: JSON says less about its own shape. */
  const noteUnreadable = (thrown: unknown, encoding: Encoding, target: WatchTarget) => {
    if (thrown instanceof Malformed && encoding === 'protobuf') habits.useJson(target);
  };

  const list = async <T>(
    target: WatchTarget,
    page: { path: string; signal: AbortSignal },
    project: (object: KubeObject) => T,
  ): Promise<ListPage<T>> => {
    const { response, encoding } = await ask(target, { ...page, what: 'list', idleTimeoutMs: LIST_SILENCE_MS });
    const decoder = decoders.list(encoding, target);
    const make = objectMaker(target);
    const items: T[] = [];
    try {
      for await (const chunk of response.body) {
        for (const raw of decoder.push(chunk)) {
          checkItem(raw, target);
          items.push(project(make(raw)));
          if (isTurnOver()) await nextTurn();
        }
      }
    } catch (thrown) {
      noteUnreadable(thrown, encoding, target);
      throw thrown;
    }
    const envelope = decoder.end();
    checkList(envelope, target, isOfKubernetes(target));
    return {
      items,
      resourceVersion: envelope.resourceVersion,
      ...(envelope.continue !== '' && { continue: envelope.continue }),
      ...(envelope.remaining !== undefined && { remaining: envelope.remaining }),
    };
  };

  async function* events<T>(
    target: WatchTarget,
    parameters: WatchParameters,
    project: (object: KubeObject) => T,
    { signal, onOpen }: { signal: AbortSignal; onOpen(): void },
  ): AsyncGenerator<readonly WatchEvent<T>[], void> {
    let encoding: Encoding = 'json';
    let batch: WatchEvent<T>[] = [];
    const take = () => {
      const taken = batch;
      batch = [];
      return taken;
    };
    try {
      const idleTimeoutMs = parameters.timeoutSeconds * 1000 + WATCH_MARGIN_MS;
      const asked = await ask(target, { path: watchPath(target, parameters), what: 'watch', idleTimeoutMs, signal });
      encoding = asked.encoding;
      onOpen();
      const decoder = decoders.events(encoding, target);
      const make = eventMaker(target, guarded(project));
      for await (const chunk of asked.response.body) {
        serverClock.lives();
        for (const raw of decoder.push(chunk)) {
          // Most chunks hold one event.
          if (batch.length > 0 && isTurnOver()) await nextTurn();
          batch.push(make(raw));
          if (batch.length >= MAX_BATCH) yield take();
        }
        if (batch.length > 0) yield take();
      }
      for (const raw of decoder.end()) batch.push(make(raw));
      if (signal.aborted) throw new WireError({ kind: 'stopped' });
    } catch (thrown) {
      // What came before the failure came.
      noteUnreadable(thrown, encoding, target);
      if (batch.length > 0 && !signal.aborted) yield take();
      throw learned(thrown, target, habits, signal);
    }
    if (batch.length > 0) yield take();
  }

  return {
    clockOffset: serverClock.offset,
    async list(target, parameters, project, signal) {
      try {
        return await list(target, { path: listPath(target, parameters), signal }, guarded(project));
      } catch (thrown) {
        throw learned(thrown, target, habits, signal);
      }
    },
    watch: events,
  };
}

/** A projection that throws must not look like a failure of the network. */
function guarded<T>(project: (object: KubeObject) => T): (object: KubeObject) => T {
  return (object) => {
    try {
      return project(object);
    } catch (thrown) {
      throw new Malformed('An object could not be taken in: its fields are not what its kind says.', { cause: thrown });
    }
  };
}

function learned(thrown: unknown, target: WatchTarget, habits: Habits, signal: AbortSignal): WireError {
  if (!(thrown instanceof WireError) && isDamage(thrown)) habits.damaged(target);
  return wireError(thrown, signal);
}

function encodingOf({ headers }: TransportResponse): Encoding {
  const type = contentType(headers);
  if (type === 'application/json') return 'json';
  if (type === PROTOBUF_TYPE) return 'protobuf';
  throw new Malformed(`The answer is of content type ${type}: a sign-in page or a proxy may stand before the server.`);
}

/** Whose list kinds are known: those of Kubernetes itself. */
function isOfKubernetes({ resource: { group } }: WatchTarget): boolean {
  return !group.includes('.') || group.endsWith('.k8s.io');
}
