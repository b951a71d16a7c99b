/** A sink that keeps what it is told in a map, and a record of every change: what a graph would notify of. */
import type { KubeObject } from '../../../kernel/vocabulary.ts';
import type { ReflectorSink, ReflectorState } from '../types.ts';

export interface Kept {
  uid: string;
  name: string;
  version: string;
}

export function keep(object: KubeObject): Kept {
  const { uid = '', name = '', resourceVersion = '' } = object.metadata ?? {};
  return { uid, name, version: resourceVersion };
}

export interface MapSink extends ReflectorSink<Kept> {
  /** uid to resourceVersion. */
  held(): Record<string, string>;
  /** `+a`, `~a`, `-a`; and what was told of lists and losses. */
  readonly log: string[];
  /** `uid@version` of each addition and change, in order. */
  readonly changes: string[];
  readonly states: ReflectorState[];
  /** Lists told to their end. */
  readonly lists: number;
  /** Sees each thing before it is told; may hold it up. */
  before?: (what: string) => void | Promise<void>;
}

export function createMapSink(): MapSink {
  const held = new Map<string, Kept>();
  let aside: Map<string, Kept> | undefined;
  let lists = 0;
  const log: string[] = [];
  const changes: string[] = [];
  const states: ReflectorState[] = [];

  function upsert(item: Kept): void {
    const known = held.get(item.uid);
    if (known?.version === item.version) return;
    held.set(item.uid, item);
    log.push(`${known === undefined ? '+' : '~'}${item.name}`);
    changes.push(`${item.uid}@${item.version}`);
  }

  function remove(uid: string): void {
    const known = held.get(uid);
    if (known === undefined) return;
    held.delete(uid);
    log.push(`-${known.name}`);
  }

  const sink: MapSink = {
    log,
    changes,
    states,
    get lists() {
      return lists;
    },
    held: () => Object.fromEntries([...held.values()].map(({ uid, version }) => [uid, version])),
    listBegins(kind) {
      log.push(kind);
      aside = new Map();
    },
    async listPage(items) {
      await sink.before?.('listPage');
      for (const item of items) aside?.set(item.uid, item);
    },
    async listEnds() {
      await sink.before?.('listEnds');
      if (aside === undefined) throw new Error('a list ended that never began');
      const whole = aside;
      aside = undefined;
      lists++;
      for (const uid of [...held.keys()]) if (!whole.has(uid)) remove(uid);
      for (const item of whole.values()) upsert(item);
    },
    async events(batch) {
      await sink.before?.('events');
      for (const { type, item } of batch) {
        if (type === 'upsert') upsert(item);
        else remove(item.uid);
      }
    },
    lost(why) {
      log.push(`lost: ${why}`);
      for (const uid of [...held.keys()]) remove(uid);
    },
    state(state) {
      states.push(state);
    },
  };
  return sink;
}
