/** A server as a model: objects, their history, and a wire to them on which every request can be made to go wrong. */
import type { KubeObject } from '../../../kernel/vocabulary.ts';
import {
  type ListPage,
  type ListParameters,
  type WatchEvent,
  type WatchParameters,
  type WatchTarget,
  type Wire,
  WireError,
  type WireFailure,
} from '../../watch/types.ts';

type Raw = WatchEvent<KubeObject>;

export interface ListFault {
  /** Instead of the page. */
  fail?: WireFailure;
  change?(page: ListPage<KubeObject>): ListPage<KubeObject>;
  /** Never answered. */
  hang?: true;
  /** A replica that lags: the list as it was before there was anything. */
  old?: true;
}

export interface WatchFault {
  /** Instead of an answer. */
  fail?: WireFailure;
  /** Before any event, and this instead of them all. */
  say?: readonly Raw[];
  /** How it goes on after `events` events (0 unless given): ends well, or fails. */
  after?: number;
  ending?: 'end' | WireFailure;
  change?(event: Raw): readonly Raw[];
}

export interface Request {
  verb: 'list' | 'watch';
  at: number;
  parameters: Partial<ListParameters & WatchParameters>;
}

export interface OpenWatch {
  send(...events: readonly Raw[]): void;
  end(): void;
  fail(failure: WireFailure): void;
}

export interface ModelServer {
  readonly wire: Wire;
  readonly requests: Request[];
  /** Taken by one request each, in order; `undefined` lets one go well. */
  readonly listFaults: (ListFault | undefined)[];
  readonly watchFaults: (WatchFault | undefined)[];
  readonly watches: Set<OpenWatch>;
  version: number;
  put(name: string): string;
  remove(name: string): void;
  /** A bookmark to all watches. */
  bookmark(): void;
  /** History up to now is gone. */
  compact(): void;
  /** uid to resourceVersion. */
  truth(): Record<string, string>;
  calls(): number;
  count(verb: 'list' | 'watch'): number;
}

export const EXPIRED: WireFailure = {
  kind: 'status',
  code: 410,
  reason: 'Expired',
  message: 'too old resource version',
};
export const RESET: WireFailure = { kind: 'unreachable', cause: 'reset', message: 'The connection was reset.' };
export const REFUSED: WireFailure = { kind: 'unreachable', cause: 'refused', message: 'The connection was refused.' };

export function status(code: number, reason = '', message = '', retryAfterSeconds?: number): WireFailure {
  return { kind: 'status', code, reason, message, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
}

export function createModelServer(now: () => number): ModelServer {
  const objects = new Map<string, KubeObject>();
  const history: { version: number; event: Raw }[] = [];
  const snapshots = new Map<string, { items: KubeObject[]; version: number }>();
  let compacted = 0;
  let calls = 0;
  let uids = 0;

  function happened(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject): void {
    const event: Raw = { type, object, resourceVersion: String(server.version) };
    history.push({ version: server.version, event });
    for (const watch of [...server.watches]) watch.send(event);
  }

  function page(parameters: ListParameters): ListPage<KubeObject> {
    const [id = '', offset = '0'] = (parameters.continue ?? '').split('/');
    const known = snapshots.get(id);
    if (parameters.continue !== undefined && (known === undefined || known.version < compacted))
      throw new WireError(EXPIRED);
    const snapshot = known ?? { items: [...objects.values()], version: server.version };
    const at = Number(offset);
    const to = parameters.limit === 0 ? snapshot.items.length : at + parameters.limit;
    const answer = { items: snapshot.items.slice(at, to), resourceVersion: String(snapshot.version) };
    if (to >= snapshot.items.length) return answer;
    const name = known === undefined ? `s${snapshots.size + 1}` : id;
    snapshots.set(name, snapshot);
    return { ...answer, continue: `${name}/${to}`, remaining: snapshot.items.length - to };
  }

  async function held<T>(work: () => Promise<T>): Promise<T> {
    calls++;
    try {
      return await work();
    } finally {
      calls--;
    }
  }

  function list<T>(
    _target: WatchTarget,
    parameters: ListParameters,
    project: (object: KubeObject) => T,
    signal: AbortSignal,
  ): Promise<ListPage<T>> {
    server.requests.push({ verb: 'list', at: now(), parameters });
    const fault = server.listFaults.shift();
    return held(async () => {
      await Promise.resolve();
      if (fault?.hang) await aborted(signal);
      if (signal.aborted) throw new WireError({ kind: 'stopped' });
      if (fault?.fail) throw new WireError(fault.fail);
      const right =
        fault?.old && parameters.continue === undefined ? { items: [], resourceVersion: '50' } : page(parameters);
      const answer = fault?.change?.(right) ?? right;
      return { ...answer, items: answer.items.map(project) };
    });
  }

  function initial(): Raw[] {
    const bookmark: Raw = { type: 'BOOKMARK', resourceVersion: String(server.version), initialEventsEnd: true };
    const added = [...objects.values()].map((object): Raw => {
      return { type: 'ADDED', object, resourceVersion: object.metadata?.resourceVersion ?? '' };
    });
    return [...added, bookmark];
  }

  async function* watch<T>(
    _target: WatchTarget,
    parameters: WatchParameters,
    project: (object: KubeObject) => T,
    { signal, onOpen }: { signal: AbortSignal; onOpen(): void },
  ): AsyncGenerator<readonly WatchEvent<T>[]> {
    server.requests.push({ verb: 'watch', at: now(), parameters });
    const fault = server.watchFaults.shift();
    const queue: (Raw | 'end' | WireFailure)[] = [];
    let wake = () => {};
    const push = (...things: readonly (Raw | 'end' | WireFailure)[]) => {
      queue.push(...things);
      wake();
    };
    let passed = 0;
    const send = (...events: readonly Raw[]) => {
      for (const event of events.flatMap((each) => fault?.change?.(each) ?? [each])) {
        if (fault?.ending !== undefined && passed >= (fault.after ?? 0)) return;
        push(event);
        passed++;
        if (fault?.ending !== undefined && passed >= (fault.after ?? 0)) push(fault.ending);
      }
    };
    const open: OpenWatch = { send, end: () => push('end'), fail: (failure) => push(failure) };
    const onAbort = () => push({ kind: 'stopped' });
    signal.addEventListener('abort', onAbort, { once: true });
    calls++;
    try {
      await Promise.resolve();
      if (fault?.fail) throw new WireError(fault.fail);
      const from = Number(parameters.resourceVersion);
      if (!parameters.initialEvents && from < compacted) throw new WireError(EXPIRED);
      if (fault?.ending !== undefined && (fault.after ?? 0) === 0) push(fault.ending);
      if (fault?.say !== undefined) push(...fault.say);
      else
        send(
          ...(parameters.initialEvents
            ? initial()
            : history.filter(({ version }) => version > from).map(({ event }) => event)),
        );
      server.watches.add(open);
      onOpen();
      for (;;) {
        if (queue.length === 0)
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        const batch: WatchEvent<T>[] = [];
        let over: 'end' | WireFailure | undefined;
        for (const each of queue.splice(0)) {
          if (each === 'end' || 'kind' in each) {
            over = each;
            break;
          }
          batch.push('object' in each ? { ...each, object: project(each.object) } : each);
        }
        if (signal.aborted) throw new WireError({ kind: 'stopped' });
        if (batch.length > 0) yield batch;
        if (over === 'end') return;
        if (over !== undefined) throw new WireError(over);
      }
    } finally {
      calls--;
      server.watches.delete(open);
      signal.removeEventListener('abort', onAbort);
    }
  }

  const server: ModelServer = {
    wire: { clockOffset: () => 0, list, watch },
    requests: [],
    listFaults: [],
    watchFaults: [],
    watches: new Set(),
    version: 100,
    put(name) {
      const before = objects.get(name);
      const uid = before?.metadata?.uid ?? `uid-${++uids}`;
      server.version++;
      const object: KubeObject = { kind: 'Thing', metadata: { name, uid, resourceVersion: String(server.version) } };
      objects.set(name, object);
      happened(before === undefined ? 'ADDED' : 'MODIFIED', object);
      return uid;
    },
    remove(name) {
      const before = objects.get(name);
      if (before === undefined) return;
      objects.delete(name);
      server.version++;
      happened('DELETED', { ...before, metadata: { ...before.metadata, resourceVersion: String(server.version) } });
    },
    bookmark() {
      const mark: Raw = { type: 'BOOKMARK', resourceVersion: String(server.version), initialEventsEnd: false };
      for (const open of [...server.watches]) open.send(mark);
    },
    compact() {
      compacted = server.version;
      history.length = 0;
    },
    truth: () =>
      Object.fromEntries(
        [...objects.values()].map(({ metadata }) => [metadata?.uid ?? '', metadata?.resourceVersion ?? '']),
      ),
    calls: () => calls,
    count: (verb) => server.requests.filter((request) => request.verb === verb).length,
  };
  return server;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
